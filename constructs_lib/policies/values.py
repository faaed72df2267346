"""Values of chart ``policies``: the environment's actions, and what policies must know of the deployment. Pure."""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from config.policies import OWN_EXCEPTIONS, kinds
from config.team_capacity import reserved_taints
from constructs_lib.addons.namespaces import BUILDS, builds_images
from constructs_lib.helm.values import values
from constructs_lib.kms.table import SIGNING
from constructs_lib.naming import Naming
from constructs_lib.network.aws_sources import eks_image_account
from constructs_lib.registry.table import TEAM_PREFIX, registry
from constructs_lib.workflows.daemons import EXCEPTION_OF_IMAGE_REASON, EXCEPTION_REASON, EXCEPTION_UNTIL, TRUSTED
from constructs_lib.workflows.settings import image

CHART = "policies"


def policies_values(deployment: Deployment, naming: Naming) -> str:
    """The values file."""
    region = deployment.platform.region
    addons = f"{eks_image_account(region)}.dkr.ecr.{region}.amazonaws.com"
    return values(
        deployment,
        CHART,
        actions=[{"policy": name, "action": deployment.action(name)} for name in kinds()],
        variables={"registries": [f"{registry(deployment)}/", f"{addons}/"], "pools": reserved_pools(deployment)},
        rollouts="argo-rollouts" in deployment.components.enabled(),
        signing={
            "images": f"{registry(deployment)}/{TEAM_PREFIX}/*",
            "key": f"awskms:///{naming.arn('kms', f'alias/{naming.name(SIGNING)}')}",
        },
        exceptions=exceptions(deployment),
    )


def reserved_pools(deployment: Deployment) -> dict[str, list[dict[str, str]]]:
    """Pool → the taints that keep others away, of the pools that have any."""
    found = {pool.name: reserved_taints(pool) for pool in deployment.karpenter.pools}
    return {name: [taint.model_dump() for taint in taints] for name, taints in found.items() if taints}


def own(deployment: Deployment) -> list[dict[str, Any]]:
    """What the platform itself can't do without."""
    if not builds_images(deployment):
        return []
    rights, source = OWN_EXCEPTIONS
    found = [_of_daemons(deployment, rights, "disallow-privileged", EXCEPTION_REASON)]
    if not image(deployment, "buildkit").startswith(f"{registry(deployment)}/"):
        found.append(_of_daemons(deployment, source, "restrict-registries", EXCEPTION_OF_IMAGE_REASON))
    return found


def _of_daemons(deployment: Deployment, name: str, policy: str, reason: str) -> dict[str, Any]:
    return {
        "name": name,
        "policies": [_named(policy)],
        "namespace": BUILDS.name,
        "workload": TRUSTED.name,
        "owner": deployment.platform.owner,
        "expires": EXCEPTION_UNTIL,
        "reason": reason,
    }


def _named(policy: str) -> dict[str, str]:
    return {"kind": kinds()[policy], "name": policy}


def exceptions(deployment: Deployment) -> list[dict[str, Any]]:
    """The platform's own, and those of the deployment file."""
    return own(deployment) + [
        {
            **exception.model_dump(mode="json"),
            "policies": [_named(name) for name in exception.policies],
        }
        for exception in deployment.policy_exceptions
    ]
