"""The AWS Load Balancer Controller: ALBs for Ingress objects."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_helm.release import Release

from constructs_lib.addons.eks_addons import ON_SYSTEM_NODES, requests, spread
from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.engine import TerraformResource
from constructs_lib.helm.images import repository
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.helm.values import values
from constructs_lib.stack import PlatformStack

NAME = "aws-load-balancer-controller"
INGRESS_CLASS = "alb"


def load_balancer_controller(stack: PlatformStack, *, vpc_id: str, depends_on: Sequence[TerraformResource]) -> Release:
    """``depends_on`` must hold the association of its service account, and coredns: it calls AWS by name."""
    deployment = stack.deployment
    text = values(
        deployment,
        NAME,
        cluster=stack.naming.cluster,
        ingress_class=INGRESS_CLASS,
        repository=repository(deployment, NAME),
        tags={"deployment": deployment.id, "environment": deployment.environment},
        placement=ON_SYSTEM_NODES,
        spread=spread({"app.kubernetes.io/name": NAME}),
        resources=requests("100m", "128Mi", limit="256Mi"),
    )
    return release(
        stack,
        ReleaseProps(
            name=NAME,
            namespace=KUBE_SYSTEM,
            values=text,
            from_other_stacks={"vpcId": vpc_id},
            depends_on=depends_on,
        ),
    )
