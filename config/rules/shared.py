"""Rules of the services that one deployment owns and others use: registry, zone, certificate."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from config.rules.finding import Finding, twice

PREFIX = "deployment:shared:"


def registry(deployment: Deployment) -> Iterator[Finding]:
    """Who owns the registry owns it in its own account, and who doesn't names the owner's zone."""
    shared, own = deployment.shared, deployment.platform.account
    if shared.owner and shared.registry_account != own:
        yield Finding(
            key=f"{PREFIX}registryAccount",
            value=shared.registry_account,
            message=f"must be platform:account, {own}, where deployment:shared:owner is true",
            remedy="remove the key, or set deployment:shared:owner to false",
        )
    if shared.owner and shared.replication_source is not None:
        yield Finding(
            key=f"{PREFIX}replicationSource",
            value=shared.replication_source,
            message="must be absent where deployment:shared:owner is true: it says who else fills this registry",
            remedy="remove the key, or set deployment:shared:owner to false",
        )
    if not shared.owner and shared.zone_id is None:
        yield Finding(
            key=f"{PREFIX}zoneId",
            value=None,
            message="is required where deployment:shared:owner is false: it names the owner's zone",
            remedy="add the zone's id",
        )


def copies(deployment: Deployment) -> Iterator[Finding]:
    """Images are copied to other places than the one they are in (Amazon ECR API reference, ReplicationDestination)."""
    shared, platform = deployment.shared, deployment.platform
    for key, places, own, what in (
        ("replicationRegions", shared.replication_regions, platform.region, "region"),
        ("replicationAccounts", shared.replication_accounts, platform.account, "account"),
        ("consumerAccounts", shared.consumer_accounts, platform.account, "account"),
    ):
        yield from twice(f"{PREFIX}{key}", places, f"{'an' if what == 'account' else 'a'} {what}")
        if own in places:
            yield Finding(
                key=f"{PREFIX}{key}",
                value=places,
                message=f"must not name the deployment's own {what}, {own}",
                remedy=f"name other {what}s, or [] for none",
            )


def filled(deployment: Deployment) -> Iterator[Finding]:
    """Copies come from somewhere: a registry of one's own that another account owns is filled by its owner's."""
    shared, own = deployment.shared, deployment.platform.account
    alone = not shared.owner and shared.registry_account == own and shared.replication_source is None
    if shared.images == "copies" and alone:
        yield Finding(
            key=f"{PREFIX}replicationSource",
            value=None,
            message="is required where deployment:shared:images is copies and deployment:shared:owner is false: nobody "
            f"else fills the registry of {own}",
            remedy="name the account of the registry's owner, which names this one in replicationAccounts",
        )


def caches(deployment: Deployment) -> Iterator[Finding]:
    """Credentials belong to caches that there are."""
    shared = deployment.shared
    yield from twice(f"{PREFIX}pullThroughCaches", shared.pull_through_caches, "an upstream")
    for upstream in shared.cache_credentials:
        if upstream not in shared.pull_through_caches:
            yield Finding(
                key=f"{PREFIX}cacheCredentials",
                value=upstream,
                message="must be one of deployment:shared:pullThroughCaches: " + ", ".join(shared.pull_through_caches),
                remedy="remove it, or add the cache",
            )


def certificate(deployment: Deployment) -> Iterator[Finding]:
    """A load balancer takes certificates of its own region and account only."""
    arn, platform = deployment.shared.certificate_arn, deployment.platform
    if arn is not None and arn.split(":")[3:5] != [platform.region, platform.account]:
        yield Finding(
            key=f"{PREFIX}certificateArn",
            value=arn,
            message=f"must be a certificate in {platform.region} of account {platform.account}",
            remedy="issue or import the certificate there, or remove the key",
        )


DEPLOYMENT_RULES = (registry, copies, filled, caches, certificate)
