"""The policies of ``policies/`` on the resources beside them, by the real Kyverno command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from config.policies import DIRECTORY, FILE, kinds
from tests.kyverno import cli

pytestmark = pytest.mark.kyverno

NAMESPACES = {
    "team-alpha": {"platform/scope": "team", "platform/team": "alpha"},
    "team-payments": {"platform/scope": "team", "platform/team": "payments", "platform/pool": "pci-workloads"},
    "default": {},
}
CHECKING = sorted(name for name, kind in kinds().items() if kind == "ValidatingPolicy")


def directory(name: str) -> Path:
    (found,) = DIRECTORY.glob(f"*/{name}")
    return found


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8"))) if path.exists() else []


def policy(name: str) -> dict[str, Any]:
    """The policy as it is in the tree, set to deny: the chart sets what the environment says."""
    (found,) = documents(directory(name) / FILE)
    if found["kind"] != "MutatingPolicy":
        found["spec"]["validationActions"] = ["Deny"]
    return found


def results(name: str, file: str) -> dict[str, str]:
    """Resource of ``file`` ("Pod/unsigned") → result."""
    known = documents(directory(name) / "known.yaml")
    verdicts = cli.apply([policy(name)], documents(directory(name) / file), namespaces=NAMESPACES, known=known)
    return {f"{each.kind}/{each.name}": each.result for each in verdicts}


def listed(name: str, file: str) -> set[str]:
    return {f"{each['kind']}/{each['metadata']['name']}" for each in documents(directory(name) / file)}


@pytest.mark.proves("2.2.1", "2.2.4", "2.2.6")
@pytest.mark.parametrize("name", CHECKING)
def test_what_is_bad_is_refused(name: str) -> None:
    assert results(name, "bad.yaml") == dict.fromkeys(listed(name, "bad.yaml"), "fail")


@pytest.mark.parametrize("name", CHECKING)
def test_what_is_good_is_not(name: str) -> None:
    found = results(name, "good.yaml")
    # Of what the match leaves out there is no verdict; a match condition says skip.
    assert set(found) <= listed(name, "good.yaml")
    assert {"pass"} <= set(found.values()) <= {"pass", "skip"}


def of_pods(name: str) -> bool:
    rules = policy(name)["spec"]["matchConstraints"]["resourceRules"]
    return [each["resources"] for each in rules] == [["pods"]] and "autogen" not in policy(name)["spec"]


def of_rollout(kind: str, api: str, pod: dict[str, Any]) -> dict[str, Any]:
    """A Rollout of such pods, or the ReplicaSet that Argo Rollouts makes of it."""
    template = {"metadata": {"labels": pod["metadata"].get("labels", {})}, "spec": pod["spec"]}
    metadata = {key: pod["metadata"][key] for key in ("name", "namespace")}
    owner = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": metadata["name"], "uid": "1"}
    if kind == "ReplicaSet":
        metadata |= {"ownerReferences": [owner | {"controller": True}]}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "x"}}, "template": template}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec}


@pytest.mark.parametrize("name", [name for name in CHECKING if of_pods(name)])
def test_of_a_rollout_the_replica_set_is_refused_and_its_pods_too(name: str) -> None:
    """As docs/POLICIES.md says: Kyverno derives rules for the controllers that Kubernetes has, and for no others."""
    pods = [each for each in documents(directory(name) / "bad.yaml") if each["kind"] == "Pod"]
    # Commands and those that end by themselves are no replicas' pods.
    bad = [each for each in pods if not {"ephemeralContainers", "restartPolicy"} & each["spec"].keys()]
    assert bad
    made = [of_rollout("Rollout", "argoproj.io/v1alpha1", each) for each in bad]
    made += [of_rollout("ReplicaSet", "apps/v1", each) for each in bad]
    verdicts = cli.apply([policy(name)], [*made, *bad], namespaces=NAMESPACES)
    found = {(each.kind, each.name): each.result for each in verdicts}
    assert found == {(kind, each["metadata"]["name"]): "fail" for kind in ("Pod", "ReplicaSet") for each in bad}


def test_a_budget_is_asked_of_rollouts_and_never_of_pods() -> None:
    rules = policy("require-pdb")["spec"]["matchConstraints"]["resourceRules"]
    matched = {resource for each in rules for resource in each["resources"]}
    assert matched == {"deployments", "statefulsets", "rollouts"}


def test_pods_get_the_label_of_their_team_whatever_they_say() -> None:
    place = directory("add-team-label")
    made = cli.made([policy("add-team-label")], documents(place / "before.yaml"), namespaces=NAMESPACES)
    wanted = {each["metadata"]["name"]: each["metadata"]["labels"] for each in documents(place / "after.yaml")}
    assert {each["metadata"]["name"]: each["metadata"]["labels"] for each in made} == wanted


@pytest.mark.proves("2.2.3")
def test_pods_of_a_pools_namespace_get_its_selector_and_its_tolerations_and_others_keep_theirs() -> None:
    place = directory("place-on-pool")
    made = cli.made([policy("place-on-pool")], documents(place / "before.yaml"), namespaces=NAMESPACES)
    found = {each["metadata"]["name"]: each["spec"] for each in made}
    assert found == {each["metadata"]["name"]: each["spec"] for each in documents(place / "after.yaml")}


def test_what_is_placed_on_a_pool_is_what_the_other_policies_ask_for() -> None:
    made = documents(directory("place-on-pool") / "after.yaml")
    checking = [policy(name) for name in ("keep-to-pool", "restrict-pools")]
    assert {each.result for each in cli.apply(checking, made, namespaces=NAMESPACES)} == {"pass"}
    unplaced = documents(directory("place-on-pool") / "before.yaml")
    found = cli.apply([policy("keep-to-pool")], unplaced, namespaces=NAMESPACES)
    assert [each.result for each in found] == ["fail"] * 3


def test_only_images_of_our_registry_are_asked_for_a_signature() -> None:
    """Registry and key can't be reached here: an image that must be signed ends in an error and never passes."""
    name = "verify-image-signatures"
    assert set(results(name, "good.yaml").values()) <= {"pass"}
    assert results(name, "bad.yaml") == dict.fromkeys(listed(name, "bad.yaml"), "error")
