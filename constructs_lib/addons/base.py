"""The release of what the cluster holds before any component: our chart ``cluster-base``."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_helm.release import Release

from constructs_lib.addons.namespaces import KUBE_SYSTEM, platform_namespaces
from constructs_lib.addons.policies import network_policies
from constructs_lib.eks.access import group
from constructs_lib.engine import TerraformResource
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.helm.values import values
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack
from constructs_lib.workflows.traffic import build_policies

CHART = "cluster-base"
STORAGE_CLASS = "gp3"


def cluster_base(stack: PlatformStack, *, volume_key_arn: str, depends_on: Sequence[TerraformResource]) -> Release:
    """Storage classes, priorities, namespaces, network policies and RBAC.

    ``depends_on`` must hold the snapshot controller, which brings the definition of snapshot classes.
    """
    deployment = stack.deployment
    text = values(
        deployment,
        CHART,
        storage_class=STORAGE_CLASS,
        namespaces=[{"name": each.name, "podSecurity": each.pod_security} for each in platform_namespaces(deployment)],
        policies=[*network_policies(deployment), *build_policies(deployment)],
        operators=group(deployment.id, "operators"),
        viewers=group(deployment.id, "viewers"),
    )
    stack.serves(f"helm_release.{address(CHART)}", "1.2.5", "1.3.1", "1.3.2", "7.3.2")
    return release(
        stack,
        ReleaseProps(
            name=CHART,
            namespace=KUBE_SYSTEM,
            local=True,
            values=text,
            from_other_stacks={"storage": {"kmsKeyArn": volume_key_arn}},
            depends_on=depends_on,
        ),
    )
