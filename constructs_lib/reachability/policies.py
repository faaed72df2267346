"""All NetworkPolicies of a deployment, as the charts make them of the same tables. Pure: imports no engine.

That the charts make these and no others is tested on what Helm renders (``tests/charts/test_network_policies.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.deployment import Deployment
from config.names import team_namespace
from constructs_lib.addons.namespaces import platform_namespaces
from constructs_lib.addons.policies import network_policies
from constructs_lib.components.policies import policies
from constructs_lib.components.registry import enabled
from constructs_lib.data.database_bootstrap import CHART, NAMESPACE, job_values
from constructs_lib.data.databases_table import made_by_job
from constructs_lib.network.pod_policies import Rules
from constructs_lib.teams.traffic import shared_policies, team_policies, workflow_policies
from constructs_lib.teams.values import shared_namespaces
from constructs_lib.workflows.traffic import build_policies

Manifest = dict[str, Any]
_BOTH = ("Ingress", "Egress")
# Of the job's pods (chart database-bootstrap).
JOB_LABELS: Mapping[str, str] = {"app.kubernetes.io/name": CHART, "app.kubernetes.io/instance": CHART}


def manifests(deployment: Deployment) -> list[Manifest]:
    """The policies of ``deployment``, by namespace and name."""
    found = [*_platform(deployment), *_teams(deployment)]
    return sorted(found, key=lambda each: (each["metadata"]["namespace"], each["metadata"]["name"]))


def _platform(deployment: Deployment) -> Iterator[Manifest]:
    dns = Rules(deployment).dns()
    for each in platform_namespaces(deployment):
        yield _manifest("default-deny", each.name)
        yield _manifest("allow-dns", each.name, egress=[dns], types=("Egress",))
    yield from (_of_values(each) for each in (*network_policies(deployment), *build_policies(deployment)))
    everyone = enabled(deployment)
    for component in everyone.values():
        yield from (_of_values(each) for each in policies(component, deployment, everyone))
    if made_by_job(deployment):
        egress = job_values(deployment, image="")["networkPolicy"]["egress"]
        yield _manifest(CHART, NAMESPACE, {"matchLabels": dict(JOB_LABELS)}, egress=egress)


def _teams(deployment: Deployment) -> Iterator[Manifest]:
    same = shared_policies(deployment)
    for name in shared_namespaces(deployment):
        yield from (_of_values(each, name) for each in same)
    for team in deployment.teams:
        own = team_policies(deployment, internet=team.internet, egress=team.egress)
        for each in (*same, *workflow_policies(deployment), *own):
            yield _of_values(each, team_namespace(team.name))


def _of_values(values: Mapping[str, Any], namespace: str | None = None) -> Manifest:
    """A policy as values hold it: the chart isolates its pods in both directions."""
    where = namespace or values["namespace"]
    return _manifest(values["name"], where, values["podSelector"], ingress=values["ingress"], egress=values["egress"])


def _manifest(
    name: str,
    namespace: str,
    selector: Mapping[str, Any] | None = None,
    *,
    ingress: Iterable[Any] = (),
    egress: Iterable[Any] = (),
    types: Iterable[str] = _BOTH,
) -> Manifest:
    spec = {
        "podSelector": dict(selector or {}),
        "policyTypes": list(types),
        "ingress": list(ingress),
        "egress": list(egress),
    }
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {key: value for key, value in spec.items() if value or key == "podSelector"},
    }
