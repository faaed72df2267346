"""Rules of Kubernetes network policies, as data: from whom and to where pods may connect. Pure: imports no engine.

The VPC CNI's agent decides the shapes. It checks egress at the pod's interface, before a Service's address is
translated: the API server is named by the address of the ``kubernetes`` Service and by the control plane's subnets, and
a peer selector must be part of the Service's own. It skips named ports of address blocks: ports are numbers.
Sources: Amazon EKS User Guide, "Limit Pod traffic with Kubernetes network policies"; aws-network-policy-agent, README.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from config.deployment import Deployment
from constructs_lib.network.endpoints import services as with_endpoint
from constructs_lib.network.plan import Plan, Range

Rule = dict[str, Any]

# Amazon EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services": the agent's address.
POD_IDENTITY_AGENT = "169.254.170.23/32"
# Amazon VPC User Guide, "Amazon DNS server": the VPC's base plus two, and a link-local address.
LINK_LOCAL_RESOLVER = "169.254.169.253/32"
# RFC 1918, RFC 6598 (which EKS uses for pods, too) and link-local, where instance metadata is.
_NOT_INTERNET = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")


def policy(
    name: str,
    namespace: str,
    pods: dict[str, str],
    *,
    ingress: Iterable[Rule] = (),
    egress: Iterable[Rule] = (),
) -> dict[str, Any]:
    """A policy that isolates ``pods`` (labels; all pods of the namespace where empty) in both directions."""
    return {
        "name": name,
        "namespace": namespace,
        "podSelector": {"matchLabels": pods} if pods else {},
        "ingress": list(ingress),
        "egress": list(egress),
    }


def ports(*numbers: int, protocols: Sequence[str] = ("TCP",)) -> list[Rule]:
    return [{"port": number, "protocol": protocol} for number in numbers for protocol in protocols]


def block(cidr: str, *excepted: str) -> Rule:
    return {"ipBlock": {"cidr": cidr} | ({"except": list(excepted)} if excepted else {})}


def namespace(name: str, pods: dict[str, str] | None = None) -> Rule:
    """Pods of namespace ``name``, or those with the labels ``pods``."""
    peer: Rule = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}
    return peer | ({"podSelector": {"matchLabels": pods}} if pods else {})


def _public() -> Rule:
    """To any public address by HTTPS."""
    return {"to": [block("0.0.0.0/0", *_NOT_INTERNET)], "ports": ports(443)}


class Rules:
    """The rules that components of one deployment share."""

    def __init__(self, deployment: Deployment) -> None:
        self._vpc = deployment.vpc
        self._plan = Plan(cidr=deployment.vpc.cidr)
        self._service_cidr = ipaddress.IPv4Network(deployment.eks.service_cidr)

    def subnets(self, tier: Range) -> Rule:
        """All subnets of a tier, in use or reserved for another zone."""
        return block(self._plan.block(tier))

    def dns(self) -> Rule:
        """To coredns."""
        peer = namespace("kube-system", {"k8s-app": "kube-dns"})
        return {"to": [peer], "ports": ports(53, protocols=("UDP", "TCP"))}

    def api_server(self) -> Rule:
        """To the Kubernetes API: the first address of the Service range, and the control plane's interfaces."""
        service = block(f"{self._service_cidr.network_address + 1}/32")
        return {"to": [service, self.subnets("control_plane")], "ports": ports(443)}

    def pod_identity(self) -> Rule:
        """To the agent that hands out credentials."""
        return {"to": [block(POD_IDENTITY_AGENT)], "ports": ports(80)}

    def aws(self, *services: str) -> list[Rule]:
        """To AWS ``services`` (names as in PrivateLink): by endpoint where there is one, else by the internet.

        S3 keeps its public addresses behind its gateway endpoint, which every VPC here has (Amazon VPC User Guide,
        "Gateway endpoints for Amazon S3"): without NAT the routes lead from such addresses to nothing else.
        """
        private = set(with_endpoint(self._vpc))
        rules = [{"to": [self.subnets("isolated")], "ports": ports(443)}] if private & set(services) else []
        if "s3" in services:
            return [*rules, _public()]
        return rules + (self.internet() if set(services) - private else [])

    def internet(self) -> list[Rule]:
        """To any public address by HTTPS; nothing where no NAT gateway leads there."""
        if self._vpc.nat_gateways == "none":
            return []
        return [_public()]

    def resolver(self) -> Rule:
        """To the VPC's name server."""
        base = ipaddress.IPv4Network(self._vpc.cidr).network_address + 2
        peers = [block(f"{base}/32"), block(LINK_LOCAL_RESOLVER)]
        return {"to": peers, "ports": ports(53, protocols=("UDP", "TCP"))}

    def from_control_plane(self, *numbers: int) -> Rule:
        """From the control plane, which calls webhooks and API services at the pod's own port."""
        return {"from": [self.subnets("control_plane")], "ports": ports(*numbers)}

    def from_monitoring(self, *numbers: int) -> Rule:
        """From whatever scrapes metrics."""
        return {"from": [namespace("monitoring")], "ports": ports(*numbers)}
