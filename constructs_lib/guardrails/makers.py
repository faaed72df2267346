"""What releases make in the cluster: by name, without rendering. Pure.

Of others' charts only what somebody here names or could make a second time: a reviewed list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.objects import WITHOUT_NAMESPACE, Made, accounts, by_convention
from constructs_lib.guardrails.own_charts import OWN
from constructs_lib.guardrails.values import Placed


@dataclass(frozen=True, kw_only=True)
class Documented:
    """An object of a chart of others. ``name`` may hold ``{key}`` for a value of the release. ``source`` says where it
    is documented, and what makes it where that isn't the chart itself."""

    kind: str
    name: str
    source: str


# Of releases by chart. A name here that no release of ours refers to guards against a second maker.
DOCUMENTED: Mapping[str, tuple[Documented, ...]] = {
    "argo-cd": (
        Documented(kind="ConfigMap", name="argocd-cm", source="chart argo-cd, configs.cm"),
        Documented(kind="ConfigMap", name="argocd-rbac-cm", source="chart argo-cd, configs.rbac"),
        Documented(kind="ConfigMap", name="argocd-cmd-params-cm", source="chart argo-cd, configs.params"),
        Documented(kind="Secret", name="argocd-secret", source="chart argo-cd, configs.secret.createSecret"),
        Documented(kind="Secret", name="argocd-redis", source="chart argo-cd: its Job redis-secret-init makes it"),
    ),
    "aws-load-balancer-controller": (
        Documented(kind="IngressClass", name="{ingressClass}", source="the chart's README, createIngressClassResource"),
        Documented(
            kind="IngressClassParams", name="{ingressClass}", source="the chart's README, ingressClassParams.create"
        ),
    ),
    "kyverno": (Documented(kind="ConfigMap", name="kyverno", source="chart kyverno, config.name"),),
}

# In every namespace of every cluster (Kubernetes documentation, "Using Certificates in Kubernetes Pods").
EVERYWHERE = frozenset({("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")})


def made_by(placed: Placed) -> frozenset[Made]:
    """What the release ``placed`` makes, as far as anybody here knows."""
    found = set(_own(placed) if placed.is_own else _others(placed))
    return frozenset(
        each._replace(namespace="") if each.kind in WITHOUT_NAMESPACE else each for each in found if each.name
    )


def _own(placed: Placed) -> Iterator[Made]:
    of = OWN.get(placed.chart)
    yield from of(placed) if of else by_convention(placed)


def _others(placed: Placed) -> Iterator[Made]:
    for row in DOCUMENTED.get(placed.chart, ()):
        yield Made(row.kind, placed.namespace, row.name.format_map(_Text(placed.values)))
    for account in accounts(placed.values):
        yield Made("ServiceAccount", placed.namespace, account)


class _Text(dict[str, str]):
    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__({key: value for key, value in values.items() if isinstance(value, str)})

    def __missing__(self, key: str) -> str:
        return ""
