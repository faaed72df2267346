"""Where the pods of a component connect to, as data. Pure: imports no engine.

Traffic between pods is stated once, by who opens the connection; the policy of who answers follows from it. So both
ends agree, and an allowance that is taken away shows in both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from config.deployment import Deployment

Peer = Literal[
    "api-server", "pod-identity", "aws", "internet", "github", "database", "nodes", "internal-hosts", "metrics", "pods"
]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One allowance. ``services`` are AWS services by their PrivateLink names; ``component`` and ``pods`` name a row of
    the registry, whose component may be off: the flow is none then. ``metrics`` stands for every port that is scraped.
    Deployments of which ``when`` doesn't hold have no such flow.
    """

    peer: Peer
    ports: tuple[int, ...] = (443,)
    services: tuple[str, ...] = ()
    component: str = ""
    pods: str = ""
    when: Callable[[Deployment], bool] = field(default=lambda _deployment: True)


API_SERVER = Flow(peer="api-server")
# The agent that hands out the credentials of the pod's role.
POD_IDENTITY = Flow(peer="pod-identity", ports=(80,))
# Any public address by HTTPS: policies of the VPC CNI know no names.
INTERNET = Flow(peer="internet")
# The same, but only where the deployment names a GitHub App, which makes tokens of an hour.
GITHUB = Flow(peer="github")
DATABASE = Flow(peer="database", ports=(5432,))
# The load balancer inside of the VPC, by which pods reach a host of the platform that isn't public.
INTERNAL_HOSTS = Flow(peer="internal-hosts")
METRICS = Flow(peer="metrics", ports=())


def aws(*services: str) -> Flow:
    return Flow(peer="aws", services=services)


def nodes(*ports: int) -> Flow:
    """Nodes and pods on their network."""
    return Flow(peer="nodes", ports=ports)


def to(component: str, pods: str, *ports: int) -> Flow:
    """Pods of a component, of the same one too, at their own ports."""
    return Flow(peer="pods", component=component, pods=pods, ports=ports)
