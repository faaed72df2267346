"""Network policies around the daemons that build images, and of namespace pull-requests. Pure: imports no engine."""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from constructs_lib.addons.namespaces import BUILDS, NAMESPACES, PULL_REQUESTS, builds_images
from constructs_lib.network.pod_policies import Rule, Rules, namespace, policy, ports
from constructs_lib.workflows.daemons import PORT, TRUSTED, UNTRUSTED, Daemon

# The controller sets it on every pod of a workflow until the pod is done (Argo Workflows, workflow/common,
# LabelKeyCompleted).
STEPS = {"workflows.argoproj.io/completed": "false"}


def build_policies(deployment: Deployment) -> list[dict[str, Any]]:
    """Who may call which daemon, and where daemons and strangers' workflows connect to."""
    if not builds_images(deployment):
        return []
    rules, home = Rules(deployment), NAMESPACES["argo-workflows"].name
    registry = rules.aws("ecr.api", "ecr.dkr", "s3")
    strangers = [rules.api_server(), *_call(UNTRUSTED), *rules.internet()]
    return [
        policy("allow-builds", home, STEPS, egress=_call(TRUSTED)),
        policy("allow-pull-requests", PULL_REQUESTS.name, STEPS, egress=strangers),
        policy(
            TRUSTED.name,
            BUILDS.name,
            TRUSTED.labels,
            ingress=[_from(namespace(home, STEPS)), _from(_TEAMS)],
            # HTTPS to anywhere comes with the registry's layers, which are in S3.
            egress=[*registry, *_packages(rules, 80)],
        ),
        # It has no way into the VPC: base images come from public registries.
        policy(
            UNTRUSTED.name,
            BUILDS.name,
            UNTRUSTED.labels,
            ingress=[_from(namespace(PULL_REQUESTS.name, STEPS))],
            egress=_packages(rules, 80, 443),
        ),
    ]


def to_daemon(deployment: Deployment) -> list[Rule]:
    """The way of a team's workflows to the daemon; none where nothing builds images."""
    return _call(TRUSTED) if builds_images(deployment) else []


_TEAMS: Rule = {
    "namespaceSelector": {"matchLabels": {"platform/scope": "team"}},
    "podSelector": {"matchLabels": STEPS},
}


def _call(daemon: Daemon) -> list[Rule]:
    return [{"to": [namespace(BUILDS.name, daemon.labels)], "ports": ports(PORT)}]


def _from(peer: Rule) -> Rule:
    return {"from": [peer], "ports": ports(PORT)}


def _packages(rules: Rules, *numbers: int) -> list[Rule]:
    """The internet, by HTTP as well: Debian's and Ubuntu's mirrors are plain, and their packages signed."""
    return [{**way, "ports": ports(*numbers)} for way in rules.internet()]
