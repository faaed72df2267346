"""The table of reachability is made of the policies that Helm renders, and of no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load, load_one
from constructs_lib.reachability.policies import manifests
from tests.kubernetes.releases import releases
from tests.synth import Synth
from tests.teams import ALPHA, BETA

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.charts

MINOR = "1.34"
LAYERS = ("cluster-", "platform-", "teams-")


def rendered(synth: Synth, prefix: str = "idp-") -> dict[tuple[str, str], dict[str, Any]]:
    """(namespace, name) → spec of every policy that our charts render in stacks whose names start with ``prefix`` and a
    layer; an empty list of rules is none."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for release in releases(synth):
        if not release.stack.removeprefix(prefix).startswith(LAYERS):
            continue
        for each in release.manifests(MINOR) if release.local else ():
            if each["kind"] == "NetworkPolicy":
                key = each["metadata"]["namespace"], each["metadata"]["name"]
                assert key not in found, f"two charts make policy {key}"
                found[key] = {k: v for k, v in each["spec"].items() if v or k == "podSelector"}
    return found


def expected(deployment: Deployment) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(each["metadata"]["namespace"], each["metadata"]["name"]): each["spec"] for each in manifests(deployment)}


def test_the_charts_make_the_policies_of_the_table(shipped: Synth, deployment_with: Callable[..., Deployment]) -> None:
    assert rendered(shipped) == expected(deployment_with())


def test_and_those_of_the_pci_deployment(shipped: Synth) -> None:
    pci = next(each for each in load(ROOT / "cdktf.json") if each.policy.standard == "pci-dss")
    assert rendered(shipped, "idp-pci-") == expected(pci)


def test_and_where_every_component_is_on(everything: Synth, everything_on: Deployment) -> None:
    assert rendered(everything) == expected(everything_on)


def test_and_in_namespaces_of_teams(teams: Synth, shipped_context: dict[str, Any]) -> None:
    keys = {k: v for k, v in shipped_context.items() if k != "deployments"} | {"deployment:teams": [ALPHA, BETA]}
    made = rendered(teams)
    of_teams = {namespace for namespace, _ in made}
    assert {"team-alpha", "team-beta", "staging", "sandbox"} == of_teams
    stated = expected(load_one(keys, source="test.json"))
    assert made == {key: spec for key, spec in stated.items() if key[0] in of_teams}
