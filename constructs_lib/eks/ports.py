"""Who talks to whom around the cluster: rows of its security group rules. Pure: imports no engine.

Security groups don't filter the VPC's name server, its time server or instance metadata (Amazon VPC User Guide,
"Security groups"), so no row names them. DNS within the cluster is traffic between nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.types import NatMode
from constructs_lib.network.acl_rules import ANYWHERE
from constructs_lib.network.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Port:
    """TCP port ``number`` on nodes or their pods, and what the control plane calls there."""

    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Egress:
    """One destination of nodes: a CIDR, or S3's prefix list where ``cidr`` is None."""

    name: str
    port: int
    reason: str
    cidr: str | None = None


# The control plane calls webhooks and API services at the pod's address and the container's port, whatever the Service
# says. Sources: Amazon EKS User Guide, "View Amazon EKS security group requirements for clusters" (kubelet); webhook
# ports of the charts of AWS Load Balancer Controller, Kyverno, Crossplane, cert-manager, External Secrets, Argo Events.
CONTROL_PLANE_TO_NODES: tuple[Port, ...] = (
    Port(number=443, reason="webhook of Argo Events"),
    Port(number=9443, reason="webhooks of load balancer controller, Kyverno, Crossplane"),
    Port(number=10250, reason="kubelet, webhooks of cert-manager and External Secrets"),
    # Amazon EKS User Guide, "View resource usage with the Kubernetes Metrics Server" (port of the add-on).
    Port(number=10251, reason="metrics-server as EKS add-on"),
)


def node_egress(vpc_cidr: str, nat: NatMode) -> tuple[Egress, ...]:
    """Where nodes and their pods may connect to outside of their own group, for a VPC of range ``vpc_cidr``.

    Without NAT the S3 gateway endpoint is the only way out of the VPC, and its prefix list says so.
    """
    within = Egress(
        name="vpc",
        port=443,
        cidr=Plan(cidr=vpc_cidr).cidr,
        reason="API server, interface endpoints, internal load balancers",
    )
    if nat == "none":
        return (within, Egress(name="s3", port=443, reason="image layers and buckets, by the gateway endpoint"))
    outside = "AWS services, registries, Git, identity providers, by NAT"
    return (within, Egress(name="internet", port=443, cidr=ANYWHERE, reason=outside))
