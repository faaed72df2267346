"""The network policies of a component, from the rows of all components. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.components import Exposure, WebComponent
from config.deployment import Deployment
from constructs_lib.components.component import Component
from constructs_lib.components.pods import Pods
from constructs_lib.components.traffic import Flow
from constructs_lib.network.plan import Range
from constructs_lib.network.pod_policies import Rule, Rules, namespace, policy, ports

Components = Mapping[str, Component]

# The subnets that a flow leads to.
_TIERS: Mapping[str, Range] = {"database": "isolated", "nodes": "private", "internal-hosts": "load_balancer"}
# Whose network interfaces a balancer of this exposure has: it reaches pods from there.
BALANCERS: Mapping[Exposure, Range] = {"public": "public", "internal": "load_balancer"}

# Namespaces of teams, those that they share, and those of pull requests (charts idp-team, shared-namespaces and
# preview-namespaces).
_TEAMS: Rule = {
    "namespaceSelector": {
        "matchExpressions": [
            {"key": "platform/scope", "operator": "In", "values": ["team", "staging", "sandbox", "preview"]}
        ]
    }
}


def policies(component: Component, deployment: Deployment, everyone: Components) -> list[dict[str, Any]]:
    """One policy for each row of ``component``; ``everyone`` holds all components that are on, by name.

    What leads nowhere in ``deployment`` (the internet, where no gateway is) is left out.
    """
    rules = Rules(deployment)
    return [
        policy(
            f"{component.name}-{pods.name}" if pods.name != component.name else component.name,
            component.namespace,
            dict(pods.labels),
            ingress=_ingress(component, pods, deployment, everyone, rules),
            egress=_once(rule for flow in pods.egress for rule in _egress(flow, deployment, everyone, rules)),
        )
        for pods in component.running(deployment)
    ]


def _once(rules: Iterable[Rule]) -> list[Rule]:
    """Each rule once: two flows may lead the same way, such as the internet and a service without an endpoint."""
    found: list[Rule] = []
    for rule in rules:
        if rule not in found:
            found.append(rule)
    return found


def clients(
    component: Component, pods: Pods, deployment: Deployment, everyone: Components
) -> list[tuple[str, Pods, Flow]]:
    """(component, row, flow) of everybody who connects to ``pods``."""
    return [
        (client.name, row, flow)
        for client in everyone.values()
        for row in client.running(deployment)
        for flow in row.egress
        if flow.peer == "pods" and flow.when(deployment) and (flow.component, flow.pods) == (component.name, pods.name)
    ]


def _ingress(
    component: Component, pods: Pods, deployment: Deployment, everyone: Components, rules: Rules
) -> Iterator[Rule]:
    if pods.webhooks:
        yield rules.from_control_plane(*pods.webhooks)
    if pods.metrics is not None:
        yield rules.from_monitoring(pods.metrics)
    if pods.from_teams:
        yield {"from": [_TEAMS], "ports": ports(*pods.from_teams)}
    if component.host is not None and component.host.pods == pods.name:
        tier = BALANCERS[_settings(component, deployment).exposure]
        yield {"from": [rules.subnets(tier)], "ports": ports(component.host.target_port)}
    for name, row, flow in clients(component, pods, deployment, everyone):
        peer = namespace(everyone[name].namespace, dict(row.labels))
        yield {"from": [peer], "ports": ports(*flow.ports)}


def _egress(flow: Flow, deployment: Deployment, everyone: Components, rules: Rules) -> list[Rule]:
    if not flow.when(deployment):
        return []
    if flow.peer == "metrics":
        return _scraped(deployment, everyone)
    if flow.peer == "pods":
        return _pods(flow, deployment, everyone)
    if flow.peer == "aws":
        return rules.aws(*flow.services)
    if flow.peer == "internet" or (flow.peer == "github" and deployment.github.app is not None):
        return rules.internet()
    if flow.peer == "github":
        return []
    return [_fixed(flow, rules)]


def _fixed(flow: Flow, rules: Rules) -> Rule:
    if flow.peer == "api-server":
        return rules.api_server()
    if flow.peer == "pod-identity":
        return rules.pod_identity()
    return {"to": [rules.subnets(_TIERS[flow.peer])], "ports": ports(*flow.ports)}


def _scraped(deployment: Deployment, everyone: Components) -> list[Rule]:
    found = []
    for component in everyone.values():
        for row in component.running(deployment):
            if row.metrics is not None:
                peer = namespace(component.namespace, dict(row.labels))
                found.append({"to": [peer], "ports": ports(row.metrics)})
    return found


def _pods(flow: Flow, deployment: Deployment, everyone: Components) -> list[Rule]:
    """Nothing where the other component, or its row, is off. Raises KeyError for a row that the other doesn't have."""
    other = everyone.get(flow.component)
    if other is None or not other.row(flow.pods).when(deployment):
        return []
    return [{"to": [namespace(other.namespace, dict(other.row(flow.pods).labels))], "ports": ports(*flow.ports)}]


def _settings(component: Component, deployment: Deployment) -> WebComponent:
    found = deployment.components.named(component.name)
    if not isinstance(found, WebComponent):
        raise TypeError(f"component {component.name} has a host, but no domain in the deployment file")
    return found
