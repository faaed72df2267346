"""Karpenter's releases: definitions, controller, pools, in this order; on destroy the other way round."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_helm.release import Release

from config.sizing import SIZINGS
from config.versions import BOTTLEROCKET
from constructs_lib.addons.eks_addons import ON_SYSTEM_NODES, requests
from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.eks.hardening import node_requirements, settings
from constructs_lib.engine import TerraformResource
from constructs_lib.helm.images import repository
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.helm.values import values
from constructs_lib.karpenter.names import NODE_ROLE, SERVICE_ACCOUNT, queue_name
from constructs_lib.karpenter.pools import pool_values
from constructs_lib.stack import PlatformStack

# A pool's drain ends after its grace period (an hour by default); instances take some minutes more.
POOLS_TIMEOUT_SECONDS = 5400


def controller(stack: PlatformStack, *, depends_on: Sequence[TerraformResource]) -> Release:
    """Definitions, then the controller on the system nodes. ``depends_on``: association, queue, node identity."""
    deployment = stack.deployment
    definitions = release(
        stack,
        ReleaseProps(name="karpenter-crd", namespace=KUBE_SYSTEM, values=values(deployment, "karpenter-crd")),
    )
    sizing = SIZINGS[deployment.sizing]
    text = values(
        deployment,
        "karpenter",
        cluster=stack.naming.cluster,
        queue=queue_name(stack.naming),
        repository=repository(deployment, "karpenter"),
        service_account=SERVICE_ACCOUNT,
        placement=ON_SYSTEM_NODES,
        resources=requests(sizing.karpenter_cpu, sizing.karpenter_memory),
        isolated=deployment.vpc.egress != "open",
    )
    return release(
        stack,
        ReleaseProps(
            name="karpenter",
            namespace=KUBE_SYSTEM,
            values=text,
            # Chart karpenter-crd owns the definitions: Helm never updates those of a crds folder.
            skip_crds=True,
            depends_on=[definitions, *depends_on],
        ),
    )


def node_pools(stack: PlatformStack, *, volume_key_arn: str, depends_on: Sequence[TerraformResource]) -> Release:
    """Node classes and pools. ``depends_on`` must hold the controller, which has to drain their nodes on destroy.

    Uninstalling deletes pools and classes, and waits for the classes: Karpenter's finalizer keeps a class until the
    last node of it is drained and terminated. So the controller goes when no node is left (docs/DEPLOYMENT.md).
    """
    deployment = stack.deployment
    text = values(
        deployment,
        "node-pools",
        pools=pool_values(deployment),
        cluster=stack.naming.cluster,
        bottlerocket=BOTTLEROCKET,
        fips=deployment.nodes.fips,
        settings=settings(deployment),
        instance_profile=stack.naming.name(NODE_ROLE),
        tags=stack.tags(),
    )
    types = {kind for pool in deployment.karpenter.pools for kind in pool.instance_types}
    stack.serves("helm_release.node_pools", *node_requirements(deployment, types))
    if any(pool.taints for pool in deployment.karpenter.pools):
        stack.serves("helm_release.node_pools", "2.2.3")
    return release(
        stack,
        ReleaseProps(
            name="node-pools",
            namespace=KUBE_SYSTEM,
            local=True,
            values=text,
            from_other_stacks={"kmsKeyArn": volume_key_arn},
            timeout_seconds=POOLS_TIMEOUT_SECONDS,
            depends_on=depends_on,
        ),
    )
