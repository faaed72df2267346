"""Rules between deployments of one synth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from config.deployment import Deployment
from config.errors import Problem, shown
from config.names import cluster_name

Named = Sequence[tuple[str, Deployment]]

# Singleton of the account stack → its key, and whether there is one in each region (else one in the account).
SINGLETONS: Mapping[str, tuple[str, bool]] = {
    "ecr_registry": ("deployment:account:ecrRegistry", True),
    "ebs_encryption": ("deployment:account:ebsEncryption", True),
    "s3_public_access_block": ("deployment:account:s3PublicAccessBlock", False),
    "password_policy": ("deployment:account:passwordPolicy", False),
    "github_oidc": ("deployment:account:githubOidc", False),
    "spot_service_linked_role": ("deployment:account:spotServiceLinkedRole", False),
}


def ids(deployments: Named) -> Iterator[Problem]:
    """Stacks, state keys and directories start with the id."""
    for source, deployment, other in _later(deployments, lambda deployment: deployment.id):
        yield _problem(source, "deployment:id", deployment.id, other, "must differ from the id in", "choose another id")


def clusters(deployments: Named) -> Iterator[Problem]:
    """Two ids can give one cluster name: idp and idp-platform."""
    distinct = list({deployment.id: (source, deployment) for source, deployment in reversed(deployments)}.values())
    for source, deployment, other in _later(
        distinct[::-1], lambda d: (d.platform.account, d.platform.region, cluster_name(d.id))
    ):
        message = f"gives cluster name {cluster_name(deployment.id)}, as does the id in"
        yield _problem(source, "deployment:id", deployment.id, other, message, "choose another id")


def singletons(deployments: Named) -> Iterator[Problem]:
    """What an account has once is managed by one deployment."""
    for name, (key, regional) in SINGLETONS.items():
        managing = [(source, d) for source, d in deployments if getattr(d.account, name) == "managed"]

        def place(deployment: Deployment, regional: bool = regional) -> tuple[str, ...]:
            platform = deployment.platform
            return (platform.account, platform.region) if regional else (platform.account,)

        for source, deployment, other in _later(managing, place):
            message = f"must not be managed: account {deployment.platform.account} has one, and it is managed in"
            yield _problem(source, key, "managed", other, message, "write existing")


def owners(deployments: Named) -> Iterator[Problem]:
    """A registry account has one owner."""
    owning = [(source, deployment) for source, deployment in deployments if deployment.shared.owner]
    for source, deployment, other in _later(owning, lambda deployment: deployment.shared.registry_account):
        message = f"must not be true: the registry of {deployment.shared.registry_account} is already owned in"
        yield _problem(source, "deployment:shared:owner", True, other, message, "write false")


def _later(deployments: Named, by: Callable[[Deployment], object]) -> Iterator[tuple[str, Deployment, str]]:
    """(file, deployment, file of the first) of each deployment that an earlier one equals in ``by``."""
    first: dict[object, str] = {}
    for source, deployment in deployments:
        value = by(deployment)
        if value in first:
            yield source, deployment, first[value]
        else:
            first[value] = source


def _problem(source: str, key: str, value: object, other: str, message: str, remedy: str) -> Problem:
    return Problem(file=source, key=key, value=shown(value), message=f"{message} {other}", remedy=remedy)


RULES = (ids, clusters, singletons, owners)
