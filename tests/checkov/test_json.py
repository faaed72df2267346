"""checkov on the synthesized JSON: what a reader of it finds by himself, without a plan.

Plans are judged in ``tests/integration/test_checkov.py``. They hold no data sources, so those are judged here alone.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from config.loader import load_one
from constructs_lib.checkov.checks import CHECKS
from constructs_lib.synth import render, write
from stacks.layers import build
from tests.synth import Synth
from tests.teams import ALPHA, BETA
from tools import checkov
from tools.run import BuildError

# Together in one worker: they share one run of checkov.
pytestmark = pytest.mark.xdist_group("checkov")

WORSE = {
    "data": {"aws_iam_policy_document": {"wide": {"statement": [{"actions": ["s3:*"], "resources": ["*"]}]}}},
    "resource": {"aws_kms_key": {"still": {"description": "never rotated", "enable_key_rotation": False}}},
}


def waived(synth: Synth) -> set[checkov.Finding]:
    return checkov.waived({stack.name: stack.document for stack in synth.stacks()})


@pytest.fixture(scope="module")
def optional(shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """The shipped deployment with all that it leaves off, and with teams that have secrets."""
    on = {name: {"enabled": True} for name in ("crossplane", "falco", "velero")}
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    keys |= {
        "deployment:components": shipped_context["deployment:components"] | on,
        "deployment:ingress:waf": True,
        "deployment:teams": [ALPHA, BETA],
    }
    out = tmp_path_factory.mktemp("optional")
    write(render([load_one(keys, source="test.json")], build), out)
    return Synth(out)


@pytest.fixture(scope="module")
def failed(
    shipped: Synth, optional: Synth, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, set[checkov.Finding]]:
    """Failed checks of the shipped stacks, of the optional ones and of worse ones: its start takes checkov longer than
    most stacks, so one run reads all, each stack in a directory with the name of its kind before its own. What is the
    same in both deployments is read once."""
    root = tmp_path_factory.mktemp("checkov")
    texts = {("worse", "idp-x"): json.dumps(WORSE, indent=2, sort_keys=True) + "\n"}
    for kind, synth in (("shipped", shipped), ("optional", optional)):
        for path in (synth.directory / "stacks").glob("*/cdk.tf.json"):
            texts[kind, path.parent.name] = path.read_text(encoding="utf-8")
    same = {name for kind, name in texts if kind == "optional" and texts[kind, name] == texts.get(("shipped", name))}
    for kind, name in texts.keys() - {("optional", name) for name in same}:
        path = root / "stacks" / f"{kind}~{name}" / "cdk.tf.json"
        path.parent.mkdir(parents=True)
        path.write_text(texts[kind, name], encoding="utf-8")
    found: dict[str, set[checkov.Finding]] = {kind: set() for kind, _ in texts}
    for each in checkov.in_json(root):
        kind, _, name = each.stack.partition("~")
        finding = dataclasses.replace(each, stack=name)
        found[kind].add(finding)
        if kind == "shipped" and name in same:
            found["optional"].add(finding)
    return found


def test_every_failed_check_of_the_shipped_stacks_has_a_reason_and_every_reason_a_failed_check(
    shipped: Synth, failed: Mapping[str, set[checkov.Finding]]
) -> None:
    found, reasons = failed["shipped"], waived(shipped)
    assert checkov.lines(found - reasons) == []
    assert checkov.lines({finding for finding in reasons if finding.only_in_json} - found) == []


def test_so_have_those_of_what_a_deployment_may_add(
    optional: Synth, shipped: Synth, failed: Mapping[str, set[checkov.Finding]]
) -> None:
    found, reasons = failed["optional"], waived(optional)
    assert checkov.lines(found - reasons) == []
    assert checkov.lines({finding for finding in reasons if finding.only_in_json} - found) == []
    assert {finding.check for finding in reasons | waived(shipped)} == set(CHECKS)


def test_a_resource_that_is_worse_than_the_reviewed_ones_is_found_at_its_address(
    failed: Mapping[str, set[checkov.Finding]],
) -> None:
    found = checkov.lines(failed["worse"])
    assert "idp-x: aws_kms_key.still: CKV_AWS_7" in found
    assert "idp-x: data.aws_iam_policy_document.wide: CKV_AWS_356" in found


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, Any]], None]:
    """Let checkov answer by a report of its form instead of running it."""

    def give(report: Mapping[str, Any]) -> None:
        monkeypatch.setattr(checkov, "program", Path)
        monkeypatch.setattr(checkov, "run", lambda *_arguments, **_options: json.dumps(report))

    return give


def test_nothing_to_check_is_no_success(tmp_path: Path, answer: Callable[[Mapping[str, Any]], None]) -> None:
    answer({"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0})
    with pytest.raises(BuildError, match="nothing to check"):
        checkov.in_json(tmp_path)


def test_an_unread_file_is_no_success(tmp_path: Path, answer: Callable[[Mapping[str, Any]], None]) -> None:
    answer({"results": {"failed_checks": [], "parsing_errors": ["/idp-x.json"]}})
    with pytest.raises(BuildError, match=r"can't read /idp-x.json"):
        checkov.in_plans(tmp_path)


def test_a_plan_that_is_read_in_part_is_no_success(tmp_path: Path, answer: Callable[[Mapping[str, Any]], None]) -> None:
    resources = [{"mode": "managed"}, {"mode": "managed"}, {"mode": "data"}]
    (tmp_path / "idp-x.json").write_text(json.dumps({"planned_values": {"root_module": {"resources": resources}}}))
    (tmp_path / "idp-y.json").write_text(json.dumps({"planned_values": {}}))
    answer({"results": {"failed_checks": [], "parsing_errors": []}, "summary": {"resource_count": 1}})
    with pytest.raises(BuildError, match="read 1 of 2 planned resources"):
        checkov.in_plans(tmp_path)
