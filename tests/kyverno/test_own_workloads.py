"""What our own charts run, against every policy that denies, in the namespaces with the labels that they have."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests import onboarding
from tests.kubernetes.releases import Release, release, releases
from tests.kyverno import cli
from tests.synth import Synth

pytestmark = pytest.mark.kyverno

MINOR = "1.34"
WORKLOADS = ("CronJob", "DaemonSet", "Deployment", "Job", "Pod", "StatefulSet")
POLICIES = ("ValidatingPolicy", "PolicyException")


@pytest.fixture(scope="module")
def ours(everything: Synth) -> list[Release]:
    return [each for each in releases(everything) if each.local]


def rendered(ours: list[Release]) -> list[dict[str, Any]]:
    """All objects, each with the namespace that Helm puts it into."""
    found = []
    for each in ours:
        for manifest in each.manifests(MINOR):
            manifest["metadata"].setdefault("namespace", each.namespace)
            found.append(manifest)
    return found


def denied(everything: Synth, objects: list[dict[str, Any]]) -> list[str]:
    """What policies refuse, as "policy: kind namespace/name: message"."""
    policies = release(everything, "idp-platform-policies", "policies").manifests(MINOR)
    chosen = [each for each in policies if each["kind"] in POLICIES]
    denying = [each for each in chosen if each["spec"].get("validationActions", ["Deny"]) == ["Deny"]]
    namespaces = {
        each["metadata"]["name"]: {"kubernetes.io/metadata.name": each["metadata"]["name"]}
        | each["metadata"].get("labels", {})
        for each in objects
        if each["kind"] == "Namespace"
    }
    workloads = [each for each in objects if each["kind"] in WORKLOADS]
    assert workloads
    assert {each["metadata"]["namespace"] for each in workloads} <= namespaces.keys() | {"kube-system"}
    verdicts = cli.apply(denying, workloads, namespaces=namespaces)
    assert verdicts
    return [
        f"{each.policy}: {each.kind} {each.namespace}/{each.name}: {each.message}"
        for each in verdicts
        if each.result not in ("pass", "skip")
    ]


def test_every_workload_of_ours_passes_what_is_enforced(everything: Synth, ours: list[Release]) -> None:
    found = denied(everything, rendered(ours))
    assert not found, "\n".join(found)


def test_a_workload_that_breaks_a_policy_is_found(everything: Synth, ours: list[Release]) -> None:
    objects = rendered(ours)
    job = next(each for each in objects if each["kind"] in ("Job", "CronJob") and "hooks" not in yaml.safe_dump(each))
    text = yaml.safe_dump(job).replace("image: ", "image: docker.io/elsewhere/")
    broken = yaml.safe_load(text)
    found = denied(everything, [each for each in objects if each["kind"] == "Namespace"] + [broken])
    assert [line.partition(":")[0] for line in found] == ["restrict-registries"]


def test_the_workload_that_teams_are_shown_passes(everything: Synth) -> None:
    shown = onboarding.manifest("Deployment")
    shown["metadata"]["namespace"] = "team-alpha"
    labels = {"platform/scope": "team", "platform/team": "alpha"}
    place = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team-alpha", "labels": labels}}
    assert denied(everything, [place, shown]) == []
    del shown["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]
    (line,) = denied(everything, [place, shown])
    assert line.startswith("require-probes: ")
