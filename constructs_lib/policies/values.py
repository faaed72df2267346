"""Values of chart ``policies``: the environment's actions, and what policies must know of the deployment. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.deployment import Deployment
from config.errors import ConfigError, Problem, shown
from config.names import team_namespace
from config.policies import kinds
from config.problems import nearest
from constructs_lib.addons.namespaces import BUILDS, KUBE_SYSTEM, builds_images, platform_namespaces
from constructs_lib.helm.values import values
from constructs_lib.kms.table import SIGNING
from constructs_lib.naming import Naming
from constructs_lib.network.aws_sources import eks_image_account
from constructs_lib.registry.table import TEAM_PREFIX, registry
from constructs_lib.teams.values import shared_namespaces
from constructs_lib.workflows.daemons import EXCEPTION_REASON, EXCEPTION_UNTIL, TRUSTED

CHART = "policies"


def policies_values(deployment: Deployment, naming: Naming) -> str:
    """The values file. Raises ConfigError where an exception is for a namespace that nobody makes."""
    unknown = list(_unknown_namespaces(deployment))
    if unknown:
        raise ConfigError(unknown)
    region = deployment.platform.region
    addons = f"{eks_image_account(region)}.dkr.ecr.{region}.amazonaws.com"
    return values(
        deployment,
        CHART,
        actions=[{"policy": name, "action": deployment.action(name)} for name in kinds()],
        variables={"registries": [f"{registry(deployment)}/", f"{addons}/"]},
        rollouts="argo-rollouts" in deployment.components.enabled(),
        signing={
            "images": f"{registry(deployment)}/{TEAM_PREFIX}/*",
            "key": f"awskms:///{naming.arn('kms', f'alias/{naming.name(SIGNING)}')}",
        },
        exceptions=[*_own(deployment), *_exceptions(deployment)],
    )


def namespaces(deployment: Deployment) -> set[str]:
    """Every namespace that the deployment makes or that a cluster has, but for those of pull requests."""
    found = {KUBE_SYSTEM, "default", *(each.name for each in platform_namespaces(deployment))}
    return found | {*shared_namespaces(deployment), *(team_namespace(team.name) for team in deployment.teams)}


def _own(deployment: Deployment) -> list[dict[str, Any]]:
    """What the platform itself can't do without."""
    if not builds_images(deployment):
        return []
    return [
        {
            "name": "build-daemons",
            "policies": [_named("disallow-privileged")],
            "namespace": BUILDS.name,
            "workload": TRUSTED.name,
            "owner": deployment.platform.owner,
            "expires": EXCEPTION_UNTIL,
            "reason": EXCEPTION_REASON,
        }
    ]


def _named(policy: str) -> dict[str, str]:
    return {"kind": kinds()[policy], "name": policy}


def _exceptions(deployment: Deployment) -> list[dict[str, Any]]:
    return [
        {
            **exception.model_dump(mode="json"),
            "policies": [_named(name) for name in exception.policies],
        }
        for exception in deployment.policy_exceptions
    ]


def _unknown_namespaces(deployment: Deployment) -> Iterator[Problem]:
    known = sorted(namespaces(deployment))
    for index, exception in enumerate(deployment.policy_exceptions):
        if exception.namespace not in known:
            near = nearest(exception.namespace, known)
            yield Problem(
                file=f"deployment {deployment.id}",
                key=f"deployment:policyExceptions[{index}].namespace",
                value=shown(exception.namespace),
                message=f"names no namespace of the deployment; there are {', '.join(known)}",
                remedy=f"write {near}" if near else "write one of them, or remove the exception",
            )
