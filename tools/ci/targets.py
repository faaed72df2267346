"""Which deployments a CI run plans or deploys, and as whom. From the deployment files: no settings of the host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from config.deployment import Deployment
from config.loader import load
from constructs_lib.naming import naming_of


@dataclass(frozen=True, kw_only=True)
class Target:
    """One deployment as a job of a matrix sees it. ``stacks`` are those to plan, all without any.

    ``environment`` is the GitHub environment whose reviewers approve: the deployment's id, as the deployer's trust
    says (``constructs_lib.state.operators``).
    """

    deployment: str
    environment: str
    account: str
    region: str
    planner: str
    deployer: str
    stacks: tuple[str, ...] = ()

    def entry(self) -> dict[str, object]:
        return asdict(self) | {"stacks": list(self.stacks)}


def targets(config: Path, changed: Mapping[str, Sequence[str]] | None = None) -> list[Target]:
    """The deployments of ``config``, in its order; with ``changed`` (id → stacks) only those that have some.

    Raises ConfigError.
    """
    found = load(config)
    if changed is None:
        return [_target(deployment) for deployment in found]
    return [_target(each, tuple(changed[each.id])) for each in found if changed.get(each.id)]


def _target(deployment: Deployment, stacks: tuple[str, ...] = ()) -> Target:
    naming = naming_of(deployment)
    return Target(
        deployment=deployment.id,
        environment=deployment.id,
        account=deployment.platform.account,
        region=deployment.platform.region,
        planner=naming.role_arn("planner"),
        deployer=naming.role_arn("deployer"),
        stacks=stacks,
    )
