"""The page of reachability, docs/REACHABILITY.md: who may connect to whom, at which ports, by the network policies.

python -m tools.reachability_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from config.deployment import Deployment
from config.generated import ROOT, command
from config.loader import load_one
from constructs_lib.components.registry import CATALOG
from constructs_lib.reachability.evaluator import Evaluator, Place, Pod
from constructs_lib.reachability.policies import manifests
from constructs_lib.reachability.ways import Ways, evaluator, text_of, ways
from constructs_lib.reachability.world import World, world
from tools.components_example import shipped_context
from tools.markdown import joined, table

PATH = ROOT / "docs" / "REACHABILITY.md"
DNS = "coredns"
# Of the two teams one asked for the internet, and has a repository whose changes start workflows.
_TEAMS: list[dict[str, Any]] = [
    {"name": "alpha", "size": "small", "members": ["octocat"], "sources": ["example-org/shop"], "internet": True},
    {"name": "beta", "size": "small", "members": ["octocat"]},
]
_INTRO = """# Reachability

Who may open a connection to whom, at which ports, by the network policies of deployment `{id}` with every component on
and two teams: `alpha` asked for the internet, `beta` for nothing. This page is generated: the policies are evaluated
(`constructs_lib/reachability/`) as Kubernetes and the VPC CNI define them. Change the rows of the components
(`constructs_lib/components/catalog/`), `constructs_lib/addons/policies.py` or `constructs_lib/teams/traffic.py`, then
run `make docs`.

`tests/reachability` holds what is expected, written apart from the policies, and fails where an allowance is missing,
too many or of no use; `tests/charts` compares the policies with those that Helm renders. That AWS's agent enforces them
so was not seen: it needs a cluster on AWS.

What pods run on the nodes' own network (VPC CNI, kube-proxy, Pod Identity agent, the EBS driver's node part) is not
restricted. A node always reaches its own pods, for probes. Pods in `kube-system` that AWS adds are open
(docs/adr/0013-kube-system-policies.md). Where there is no NAT gateway, only callers of S3
keep the public addresses: its gateway endpoint has them.
"""
_PLACES = """## Addresses

Together they are all of IPv4. *Services' addresses* are in no rule: a Service is reached where its pods are.
"""
_OUT = """## From pods to addresses

Every pod also asks `coredns` for names (TCP and UDP 53). What leaves a pod is checked before the address of a
Service is translated, so the API server is two columns: the address of Service `kubernetes`, and the interfaces of the
control plane.
"""
_IN = "## From addresses to pods\n"
_BETWEEN = "## Between pods\n"
_SHUT = "## What is shut\n"


def example() -> Deployment:
    """The deployment that the page speaks of."""
    context = shipped_context()
    domain = context["platform:domain"]
    on = {
        name: {"enabled": True} | ({"domain": f"{name}.{domain}"} if component.host else {})
        for name, component in CATALOG.items()
    }
    keys = {"deployment:components": on | context["deployment:components"], "deployment:teams": _TEAMS}
    return load_one(context | keys, source="cdktf.json")


def text() -> str:
    """The whole page."""
    deployment = example()
    inhabitants = world(deployment)
    evaluated = evaluator(manifests(deployment), inhabitants)
    found = ways(evaluated, inhabitants)
    parts = [
        _INTRO.format(id=deployment.id),
        _PLACES,
        table(("place", "addresses"), ((each.name, _blocks(each)) for each in inhabitants.places)),
        _OUT,
        _out(found, inhabitants),
        _IN,
        _in(found, inhabitants),
        _BETWEEN,
        _between(found, inhabitants),
        _SHUT,
        "\n".join(f"- {line}" for line in _shut(found, evaluated, inhabitants)) + "\n",
    ]
    return "\n".join(parts)


def _blocks(place: Place) -> str:
    without = f" without {', '.join(map(str, place.without))}" if place.without else ""
    return f"{', '.join(map(str, place.blocks))}{without}"


def _cell(found: Ways, source: Pod | Place, destination: Pod | Place) -> str:
    reach = found.get((source.name, destination.name))
    return text_of(reach, destination) if reach else ""


def _out(found: Ways, inhabitants: World) -> str:
    """A row for each pod, a column for each place that some pod reaches."""
    reached = [each for each in inhabitants.places if any(to == each.name for _, to in found)]
    rows = (
        (f"`{pod.name}`", *(_cell(found, pod, place) or "–" for place in reached))
        for pod in (*inhabitants.pods, *inhabitants.teams)
    )
    return table(("from", *(each.name for each in reached)), rows)


def _in(found: Ways, inhabitants: World) -> str:
    rows = (
        (place.name, f"`{pod.name}`", _cell(found, place, pod))
        for place in inhabitants.places
        for pod in inhabitants.everybody
        if (place.name, pod.name) in found
    )
    return table(("from", "to", "ports"), rows)


def _between(found: Ways, inhabitants: World) -> str:
    """By who answers; asking for names is left out."""
    rows = []
    for destination in inhabitants.everybody:
        by_ports: dict[str, list[str]] = {}
        for source in inhabitants.everybody:
            cell = _cell(found, source, destination)
            if cell and destination.name != DNS:
                by_ports.setdefault(cell, []).append(f"`{source.name}`")
        rows += [(f"`{destination.name}`", joined(sources), cell) for cell, sources in by_ports.items()]
    return table(("to", "from", "ports"), rows)


def _shut(found: Ways, evaluated: Evaluator, inhabitants: World) -> Iterator[str]:
    """Each line is what the evaluation says."""
    isolated = [
        pod.namespace
        for pod in inhabitants.strangers
        if evaluated.isolated(pod, "ingress") and evaluated.isolated(pod, "egress")
    ]
    yield f"Whatever else runs in {joined(f'`{each}`' for each in isolated)} asks for names, and reaches nothing else."
    unreached = [each.name for each in inhabitants.places if all(to != each.name for _, to in found)]
    yield f"No pod reaches: {joined(unreached)}."
    silent = [each.name for each in inhabitants.places if all(source != each.name for source, _ in found)]
    yield f"No pod is reached from: {joined(silent)}."
    namespace = {each.name: each.namespace for each in inhabitants.everybody}
    own = {each.name for each in inhabitants.teams}
    across = sorted(
        {to for source, to in found if source in own and namespace.get(to, namespace[source]) != namespace[source]}
    )
    yield f"Outside of its own namespace a team's pod reaches no pods but {joined(f'`{each}`' for each in across)}."


if __name__ == "__main__":
    sys.exit(command(PATH, text()))
