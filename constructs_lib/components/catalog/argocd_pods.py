"""The pods of Argo CD: how many, what they request, and who of them talks to whom."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.components.pods import Container, Kind, Number, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, GITHUB, INTERNET, POD_IDENTITY, Flow, aws, to

_CHART = "chart argo-cd 10.1"
_ESTIMATE = f"{_CHART}: no requests of its own; estimate"
_INSTANCE = "argocd"
_REPOSITORIES = to("argocd", "repo-server", 8081)
# Redis behind its proxy, or the one pod of the smallest profile.
_CACHE: tuple[Flow, ...] = (to("argocd", "redis-haproxy", 6379), to("argocd", "redis", 6379))


def highly_available(deployment: Deployment) -> bool:
    """Whether Redis has replicas: three pods and three proxies, no two of a kind on one node, so on three nodes."""
    return deployment.sizing != "seed-cost"


def _labels(part: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": f"argocd-{part}", "app.kubernetes.io/instance": _INSTANCE}


def _part(
    name: str,
    part: str,
    container: Container,
    egress: tuple[Flow, ...],
    *,
    replicas: Number = 1,
    metrics: int | None = None,
    kind: Kind = "Deployment",
) -> Pods:
    return Pods(
        name=name,
        labels=_labels(part),
        containers={part: container},
        egress=egress,
        replicas=replicas,
        metrics=metrics,
        kind=kind,
        source=_ESTIMATE,
    )


_REDIS_HA = Pods(
    name="redis-ha",
    # The labels of the subchart: its Services select by these two.
    labels={"app": "redis-ha", "release": _INSTANCE},
    kind="StatefulSet",
    replicas=3,
    containers={
        "redis": Container(cpu=50, mib=96, limit_mib=256),
        "sentinel": Container(cpu=10, mib=32, limit_mib=64),
        "split-brain-fix": Container(cpu=10, mib=16, limit_mib=32),
    },
    egress=(to("argocd", "redis-ha", 6379, 26379),),
    one_per_node=True,
    when=highly_available,
    source=_ESTIMATE,
)

_HAPROXY = Pods(
    name="redis-haproxy",
    labels={"app": "redis-ha-haproxy", "release": _INSTANCE},
    replicas=3,
    containers={"haproxy": Container(cpu=20, mib=96, limit_mib=128)},
    metrics=9101,
    egress=(to("argocd", "redis-ha", 6379, 26379),),
    one_per_node=True,
    when=highly_available,
    source=_ESTIMATE,
)

_REDIS = Pods(
    name="redis",
    labels=_labels("redis"),
    containers={"redis": Container(cpu=50, mib=96, limit_mib=256)},
    when=lambda deployment: not highly_available(deployment),
    source=_ESTIMATE,
)

# Of every team with previews (chart idp-team): it asks GitHub for pull requests, and nothing of the cluster.
PREVIEW_LABELS = Pods(
    name="preview-labels",
    labels=_labels("preview-labels"),
    kind="Job",
    containers={"preview-labels": Container(cpu=20, mib=48, limit_mib=96)},
    egress=(GITHUB,),
    when=lambda deployment: deployment.github.app is not None,
    source="a Python process without packages; estimate",
)

PODS: tuple[Pods, ...] = (
    _part(
        "server",
        "server",
        Container(cpu=50, mib=128, limit_mib=256),
        (API_SERVER, _REPOSITORIES, *_CACHE, to("argocd", "dex", 5556)),
        replicas=Sized(ha=2, large=3),
        metrics=8083,
    ),
    _part(
        "repo-server",
        "repo-server",
        Container(cpu=Sized(ha=100, large=500), mib=Sized(ha=256, large=1024), limit_mib=Sized(ha=1024, large=2048)),
        # Git and charts: GitHub, the registry, and the buckets behind it.
        (API_SERVER, POD_IDENTITY, aws("ecr.api", "ecr.dkr"), INTERNET, *_CACHE),
        replicas=Sized(ha=2, large=4),
        metrics=8084,
    ),
    _part(
        "application-controller",
        "application-controller",
        # It keeps all objects that it watches in memory.
        Container(cpu=Sized(ha=250, large=1000), mib=Sized(ha=1024, large=2048), limit_mib=Sized(ha=2048, large=4096)),
        (API_SERVER, POD_IDENTITY, _REPOSITORIES, *_CACHE),
        # More than one share the clusters among them, and don't stand in for each other.
        replicas=Sized(ha=1, large=2),
        metrics=8082,
        kind="StatefulSet",
    ),
    _part(
        "applicationset-controller",
        "applicationset-controller",
        Container(cpu=50, mib=128, limit_mib=256),
        (API_SERVER, _REPOSITORIES, INTERNET),
        replicas=Sized(ha=2, seed_cost=1),
        metrics=8080,
    ),
    # One: it keeps sign-ins that are under way in memory (Argo CD documentation, High Availability, argocd-dex-server).
    _part(
        "dex",
        "dex-server",
        Container(cpu=20, mib=64, limit_mib=128),
        (API_SERVER, INTERNET),
        metrics=5558,
    ),
    _REDIS_HA,
    _HAPROXY,
    _REDIS,
    PREVIEW_LABELS,
    _part("redis-secret-init", "redis-secret-init", Container(cpu=10, mib=64), (API_SERVER,), kind="Job"),
)
