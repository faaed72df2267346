"""What is counted before synth is what synth makes: for the shipped deployments, all components, and ten teams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load, load_one
from constructs_lib.quotas.counts import COUNTS, needs
from constructs_lib.synth import documents, render
from stacks.layers import build
from tests.quota_json import COUNTED, MEASURED
from tests.synth import StackJson, Synth
from tests.teams import ALPHA

ROOT = Path(__file__).resolve().parent.parent.parent
# What controllers and teams make in the running cluster; rows of one number each have no count in the JSON.
NOT_IN_JSON = {
    "application-load-balancers",
    "argocd-applications",
    "etcd-size",
    "kubernetes-namespaces",
    "kubernetes-nodes",
    "kubernetes-pods",
    "load-balancer-rules",
    "load-balancer-target-groups",
    "object-size",
    "on-demand-vcpu",
    "security-groups",
    "spot-vcpu",
    "target-groups",
}


def shipped_stacks(shipped: Synth, deployment: str) -> list[StackJson]:
    pci = [stack for stack in shipped.stacks() if stack.name.startswith("idp-pci-")]
    return pci if deployment == "idp-pci" else [stack for stack in shipped.stacks() if stack not in pci]


def compared(deployment: Deployment, stacks: list[StackJson]) -> None:
    counted = needs(deployment)
    assert {key: counted[key] for key in COUNTED} == {key: count(stacks) for key, count in COUNTED.items()}
    # Names that AWS makes are of one length only nearly.
    for key, measure in MEASURED.items():
        assert counted[key] == pytest.approx(measure(stacks), abs=16), key


def test_every_row_is_counted_in_json_or_said_not_to_be_there() -> None:
    assert set(COUNTS) == set(COUNTED) | set(MEASURED) | NOT_IN_JSON


@pytest.mark.parametrize("name", ["idp", "idp-pci"])
def test_of_the_shipped_deployments(shipped: Synth, name: str) -> None:
    (deployment,) = (each for each in load(ROOT / "cdktf.json") if each.id == name)
    compared(deployment, shipped_stacks(shipped, name))


def test_with_every_component(everything_on: Deployment, everything: Synth) -> None:
    compared(everything_on, list(everything.stacks()))


def test_with_ten_teams_that_have_what_teams_can_have(shipped_context: dict[str, Any]) -> None:
    teams = [ALPHA | {"name": f"team-{number}", "size": "small"} for number in range(9)]
    roles = [f"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/person-{number}" for number in range(20)]
    teams.append({"name": "b", "size": "small", "members": ["octocat"], "developerRoles": roles})
    keys = shipped_context | {"deployment:teams": teams, "deployment:quotaOvercommit": 100}
    deployment = load_one(keys, source="test.json")
    found = documents(render([deployment], build))
    compared(deployment, [StackJson(name, document) for name, document in found.items()])
