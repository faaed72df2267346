"""What a registry has once, as data: where it copies images to, and what it permits. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.iam.document import Statement, when
from constructs_lib.naming import Naming
from constructs_lib.registry.table import (
    MIRROR_PREFIX,
    PLATFORM_PREFIX,
    TEAM_PREFIX,
    cache_patterns,
    keeps_mirrors,
)

_REPLICATED = (f"{PLATFORM_PREFIX}/", f"{TEAM_PREFIX}/")


def replicated_prefixes(deployment: Deployment) -> tuple[str, ...]:
    """Prefixes of repositories that replication copies: copies of upstreams' images, too, where accounts need them."""
    mirrors = keeps_mirrors(deployment) or deployment.shared.replication_source is not None
    return (*_REPLICATED, f"{MIRROR_PREFIX}/") if mirrors else _REPLICATED


def replication_destinations(deployment: Deployment) -> tuple[tuple[str, str], ...]:
    """(region, account) pairs: the owner's account in further regions, further accounts in the owner's region."""
    shared, platform = deployment.shared, deployment.platform
    regions = ((region, platform.account) for region in shared.replication_regions)
    return (*regions, *((platform.region, account) for account in shared.replication_accounts))


def registry_permissions(naming: Naming, deployment: Deployment) -> list[Statement]:
    """Who may do what with the whole registry; empty where nobody needs more than IAM gives."""
    shared, found = deployment.shared, []
    if shared.owner and shared.pull_through_caches:
        found.append(_import_upstream(naming, deployment))
        if shared.consumer_accounts:
            found.append(_consumers_import(naming, deployment))
    if shared.replication_source is not None:
        found.append(_replication_from(naming, deployment, shared.replication_source))
    return found


def _import_upstream(naming: Naming, deployment: Deployment) -> Statement:
    """The deployment's roles may pull through a cache, which imports the image and makes its repository.

    Named by ``aws:PrincipalArn``: the nodes' roles don't exist yet, and the account as a principal would only refer to
    their own policies. AmazonEC2ContainerRegistryPullOnly, which nodes have, can't make the repository.
    Source: Amazon ECR User Guide, "IAM permissions required to sync an upstream registry" (registry permissions).
    """
    return Statement(
        sid="PullThroughCache",
        actions=("ecr:BatchImportUpstreamImage", "ecr:CreateRepository"),
        resources=_caches(naming, deployment),
        principals={"AWS": ("*",)},
        conditions=(
            when("StringEquals", "aws:PrincipalAccount", naming.account),
            when("ArnLike", "aws:PrincipalArn", naming.role_arn("*")),
        ),
    )


def _consumers_import(naming: Naming, deployment: Deployment) -> Statement:
    """Further accounts, whose own policies decide which of their roles."""
    return Statement(
        sid="ConsumersPullThroughCache",
        actions=("ecr:BatchImportUpstreamImage", "ecr:CreateRepository"),
        resources=_caches(naming, deployment),
        principals={"AWS": tuple(f"arn:aws:iam::{account}:root" for account in deployment.shared.consumer_accounts)},
    )


def _replication_from(naming: Naming, deployment: Deployment, account: str) -> Statement:
    """The source of a replication into this account makes repositories here and fills them.

    Source: Amazon ECR User Guide, "Granting registry permissions for cross account replication".
    """
    return Statement(
        sid="ReplicationFromSource",
        actions=("ecr:CreateRepository", "ecr:ReplicateImage"),
        resources=tuple(naming.arn("ecr", f"repository/{prefix}*") for prefix in replicated_prefixes(deployment)),
        principals={"AWS": (f"arn:aws:iam::{account}:root",)},
    )


def _caches(naming: Naming, deployment: Deployment) -> tuple[str, ...]:
    return tuple(naming.arn("ecr", f"repository/{pattern}") for pattern in cache_patterns(deployment))
