"""The pods of the telemetry agent: Alloy in four parts, its operator, and what exposes the cluster's own metrics."""

from __future__ import annotations

from collections.abc import Callable

from config.deployment import Deployment
from constructs_lib.components.pods import Container, Kind, Number, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, INTERNET, METRICS, Flow, nodes, to

NAME = "grafana-agent"
_CHART = "chart k8s-monitoring 4.4"
_ESTIMATE = f"{_CHART}: no requests of its own; estimate"
# Grafana Alloy documentation, "run": the port of its own metrics, and of its peers in a cluster.
ALLOY_PORT = 12345
KUBELET_PORT = 10250
NODE_EXPORTER_PORT = 9100
OTLP_PORTS = (4317, 4318)
# Pods of the hook that waits, on deletion, until the operator has taken its collectors away. The labels are ours.
REMOVAL_LABELS = {"platform/part": "alloy-removal"}
_INSTANCE = {"app.kubernetes.io/instance": NAME}


def on_every_node(deployment: Deployment) -> bool:
    """Whether each node has a reader of logs and an exporter of its own. The smallest profile has no room for them:
    logs come through the Kubernetes API there, and of nodes is known what the kubelet and the API say."""
    return deployment.sizing != "seed-cost"


def takes_traces(deployment: Deployment) -> bool:
    """Whether traces have somewhere to go."""
    return deployment.grafana_cloud is not None and deployment.grafana_cloud.traces_endpoint is not None


def _always(_deployment: Deployment) -> bool:
    return True


def _alloy(
    name: str,
    alloy: Container,
    *egress: Flow,
    replicas: Number = 1,
    kind: Kind = "Deployment",
    receives: tuple[int, ...] = (),
    when: Callable[[Deployment], bool] = _always,
) -> Pods:
    return Pods(
        name=name,
        # The operator makes a Helm release of each collector: <our release>-<collector>.
        labels={"app.kubernetes.io/name": name, "app.kubernetes.io/instance": f"{NAME}-{name}"},
        containers={"alloy": alloy, "config-reloader": Container(cpu=10, mib=50, limit_mib=100)},
        replicas=replicas,
        kind=kind,
        pool="every" if kind == "DaemonSet" else "platform",
        priority="platform-agent" if kind == "DaemonSet" else "platform",
        metrics=ALLOY_PORT,
        from_teams=receives,
        egress=(API_SERVER, INTERNET, *egress),
        when=when,
        source=f"{_ESTIMATE}, but for the config reloader's",
    )


def _other(name: str, container: str, metrics: int) -> Pods:
    return Pods(
        name=name,
        labels={"app.kubernetes.io/name": name, **_INSTANCE},
        containers={container: Container(cpu=20, mib=64, limit_mib=128)},
        metrics=metrics,
        egress=(API_SERVER,),
        source=_ESTIMATE,
    )


PODS: tuple[Pods, ...] = (
    # They share the targets among them; each keeps what it has not sent yet.
    _alloy(
        "alloy-metrics",
        Container(cpu=Sized(ha=100, large=500), mib=Sized(ha=512, large=2048), limit_mib=Sized(ha=1024, large=4096)),
        METRICS,
        nodes(KUBELET_PORT, NODE_EXPORTER_PORT),
        to(NAME, "alloy-metrics", ALLOY_PORT),
        replicas=Sized(ha=2, seed_cost=1, large=3),
        kind="StatefulSet",
    ),
    # One: two would send each event of the cluster twice.
    _alloy("alloy-singleton", Container(cpu=50, mib=128, limit_mib=256)),
    _alloy("alloy-receiver", Container(cpu=50, mib=128, limit_mib=256), receives=OTLP_PORTS, when=takes_traces),
    _alloy("alloy-logs", Container(cpu=50, mib=128, limit_mib=256), replicas=0, kind="DaemonSet", when=on_every_node),
    _other("alloy-operator", "alloy-operator", 8082),
    _other("kube-state-metrics", "kube-state-metrics", 8080),
    Pods(
        name="node-exporter",
        labels={"app.kubernetes.io/name": "node-exporter", **_INSTANCE},
        containers={"node-exporter": Container(cpu=20, mib=32, limit_mib=64)},
        replicas=0,
        kind="DaemonSet",
        pool="every",
        priority="platform-agent",
        # It is on the node's network: no policy selects it, and it is reached as a node.
        when=on_every_node,
        source=_ESTIMATE,
    ),
    Pods(
        name="alloy-removal",
        labels=REMOVAL_LABELS,
        containers={"kubectl": Container(cpu=10, mib=64, limit_mib=128)},
        kind="Job",
        egress=(API_SERVER,),
        source=_ESTIMATE,
    ),
)
