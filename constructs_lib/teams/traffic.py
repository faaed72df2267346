"""Who may talk to whom in namespaces of teams: network policies as data. Pure: imports no engine.

Both directions are closed but for what is here. Instance metadata (169.254.169.254) is in no rule, and is left out of
every block that would hold it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from config.deployment import Deployment
from config.teams import Egress
from constructs_lib.addons.namespaces import MONITORING
from constructs_lib.ingress.balancers import teams_exposure
from constructs_lib.network.egress import cidrs, names
from constructs_lib.network.pod_policies import Rule, Rules, block, namespace, ports
from constructs_lib.workflows.traffic import to_daemon

_LINK_LOCAL = ipaddress.IPv4Network("169.254.0.0/16")
# Pods that Argo Workflows makes carry it (Argo Workflows documentation, "Labels and annotations").
_WORKFLOW_PODS = {"matchExpressions": [{"key": "workflows.argoproj.io/workflow", "operator": "Exists"}]}
# OpenTelemetry, "OTLP Specification": gRPC and HTTP.
_TELEMETRY = (4317, 4318)
_ALL_TCP = [{"port": 1, "endPort": 65535, "protocol": "TCP"}]


def shared_policies(deployment: Deployment) -> list[dict[str, Any]]:
    """What is the same in every namespace of teams, the shared ones included."""
    rules, on = Rules(deployment), set(deployment.components.enabled())
    same: Rule = {"podSelector": {}}
    # Neither the public subnets nor those of internal load balancers hold a pod.
    balancer = rules.subnets("public" if teams_exposure(deployment) == "public" else "load_balancer")
    found = [
        _policy("default-deny"),
        _policy("allow-dns", egress=[rules.dns()]),
        _policy("allow-namespace", ingress=[{"from": [same]}], egress=[{"to": [same]}]),
        _policy("allow-load-balancer", ingress=[{"from": [balancer], "ports": _ALL_TCP}]),
    ]
    if "grafana-agent" in on:
        sent = {"to": [namespace(MONITORING)], "ports": ports(*_TELEMETRY)}
        found.append(_policy("allow-monitoring", egress=[sent]))
    return found


def workflow_policies(deployment: Deployment) -> list[dict[str, Any]]:
    """Pods of workflows report to the API server, get credentials, move artifacts, and push images."""
    if "argo-workflows" not in deployment.components.enabled():
        return []
    rules = Rules(deployment)
    ways = [rules.api_server(), rules.pod_identity(), *rules.aws("s3", "ecr.api", "ecr.dkr"), *to_daemon(deployment)]
    return [_policy("allow-workflows", pods=_WORKFLOW_PODS, egress=ways)]


def team_policies(deployment: Deployment, *, internet: bool, egress: Sequence[Egress]) -> list[dict[str, Any]]:
    """The ways out that a team asked for, and those that the firewall admits for workloads."""
    found = []
    if admitted := _admitted(deployment):
        found.append(_policy("allow-admitted", egress=admitted))
    if internet and (ways := Rules(deployment).internet()):
        found.append(_policy("allow-internet", egress=ways))
    if egress:
        found.append(_policy("allow-declared", egress=[_declared(way) for way in egress]))
    return found


def _admitted(deployment: Deployment) -> list[Rule]:
    """CIDRs of ``allowed_egress``; where it names a domain, too, any public address.

    A policy can't match names: behind it the firewall passes the names that are listed, and nothing else.
    """
    listed = [{"to": [block(cidr)], "ports": ports(443)} for cidr in cidrs(deployment.vpc)]
    return [*listed, *(Rules(deployment).internet() if names(deployment.vpc) else [])]


def _declared(way: Egress) -> Rule:
    network = ipaddress.IPv4Network(way.cidr)
    excepted = (str(_LINK_LOCAL),) if _LINK_LOCAL.subnet_of(network) else ()
    return {"to": [block(way.cidr, *excepted)], "ports": ports(*way.ports, protocols=(way.protocol,))}


def _policy(
    name: str,
    *,
    pods: dict[str, Any] | None = None,
    ingress: Sequence[Rule] = (),
    egress: Sequence[Rule] = (),
) -> dict[str, Any]:
    return {"name": name, "podSelector": pods or {}, "ingress": list(ingress), "egress": list(egress)}
