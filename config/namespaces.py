"""The namespaces of a cluster, by name: what the deployment file may speak of."""

from __future__ import annotations

from collections.abc import Mapping

from config.deployment import Deployment
from config.names import team_namespace

# Those of Kubernetes itself.
SYSTEM = ("default", "kube-system")
# Values of label platform/scope, by which policies and stores tell the platform's namespaces and teams' ones apart.
SCOPES = ("platform", "preview", "sandbox", "staging", "team")
# Component → its namespace, where that isn't called like the component.
_OTHER_NAMES: Mapping[str, str] = {
    "argo-workflows": "argo",
    "crossplane": "crossplane-system",
    "grafana-agent": "monitoring",
}
# What components bring beside their own.
_WITH_DATABASE = frozenset({"backstage", "argo-workflows"})
_BUILDING = frozenset({"argo-workflows", "cert-manager"})


def namespaces(deployment: Deployment) -> set[str]:
    """Every namespace that the deployment makes or that a cluster has, but for those of pull requests.

    constructs_lib makes them; a test holds the two equal.
    """
    components = set(deployment.components.enabled())
    found = {*SYSTEM, "staging", *(_OTHER_NAMES.get(component, component) for component in components)}
    if components & _WITH_DATABASE:
        found.add("database-bootstrap")
    if components >= _BUILDING:
        found |= {"builds", "pull-requests"}
    if deployment.account.guardduty == "managed":
        found.add("amazon-guardduty")
    if "kyverno" in components:
        found.add("sandbox")
    return found | {team_namespace(team.name) for team in deployment.teams}
