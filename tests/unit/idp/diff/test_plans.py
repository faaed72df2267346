"""What plans say, in place of what two synths do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from idp.diff.model import Diff, Entry
from idp.diff.plans import planned
from idp.errors import OperationError
from tests.unit.idp.diff.output import STACK, by_address, found, resources

BUCKET = {"bucket": "a"}


def _change(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    kept = {name: more.pop(name) for name in ("previous_address", "action_reason", "mode") if name in more}
    change = {"actions": list(actions), "before": None, "after": None, **more}
    return {"address": address, "mode": "managed", "type": address.split(".")[0], **kept, "change": change}


def _planned(place: Path, *changes: dict[str, Any], stack: str = STACK) -> Diff:
    """A change of a queue and of a file, with the plan of its stack."""
    before, after = (resources(aws_sqs_queue={"jobs": {"delay_seconds": delay}}) for delay in (0, 5))
    diff = found(place, before, after, new={"values/a.yaml": "a: 1\n"})
    (place / "plans").mkdir()
    text = json.dumps({"format_version": "1.2", "resource_changes": list(changes)})
    (place / "plans" / f"{stack}.json").write_text(text)
    return planned(diff, place / "plans", {STACK: "idp"})


def _one(place: Path, *changes: dict[str, Any]) -> Entry:
    (entry,) = (entry for entry in _planned(place, *changes).entries() if entry.section == "resource")
    return entry


def test_the_plan_names_the_resources_and_the_synth_the_files(tmp_path: Path) -> None:
    diff = _planned(
        tmp_path,
        _change("aws_s3_bucket.new", "create", after=BUCKET),
        _change("aws_s3_bucket.gone", "delete", before=BUCKET),
        _change("aws_s3_bucket.moved", "no-op", before=BUCKET, after=BUCKET, previous_address="aws_s3_bucket.old"),
        _change("aws_s3_bucket.same", "no-op", before=BUCKET, after=BUCKET),
        _change("aws_s3_bucket.left", "forget", before=BUCKET),
        _change("data.aws_caller_identity.me", "read", mode="data"),
    )
    assert {address: (entry.what, entry.former) for address, entry in by_address(diff).items()} == {
        "aws_s3_bucket.new": ("added", ""),
        "aws_s3_bucket.gone": ("destroyed", ""),
        "aws_s3_bucket.moved": ("moved", "aws_s3_bucket.old"),
        "aws_s3_bucket.left": ("destroyed", ""),
        "values/a.yaml": ("added", ""),
    }
    assert by_address(diff)["aws_s3_bucket.left"].notes == ("leaves the state and isn't destroyed",)
    assert diff.deployments[0].stacks[0].is_planned


@pytest.mark.parametrize("actions", [("delete", "create"), ("create", "delete")])
def test_replace_paths_name_the_arguments_that_replace(tmp_path: Path, actions: tuple[str, ...]) -> None:
    entry = _one(
        tmp_path,
        _change(
            "aws_eks_cluster.c",
            *actions,
            before={"arn": "a", "name": "x", "vpc_config": [{"subnet_ids": ["a"]}], "tags": {"a": "b"}},
            after={"name": "x", "vpc_config": [{"subnet_ids": ["b"]}], "tags": {"a": "c"}},
            after_unknown={"arn": True, "vpc_config": [{"subnet_ids": [False]}]},
            replace_paths=[["vpc_config", 0, "subnet_ids"]],
            action_reason="replace_because_cannot_update",
        ),
    )
    assert (entry.what, entry.is_guarded, entry.notes) == ("replaced", True, ("replace because cannot update",))
    assert [(argument.path, argument.forces) for argument in entry.arguments] == [
        ("tags.a", False),
        ("vpc_config[0].subnet_ids", True),
    ]


def test_a_sensitive_value_is_never_shown(tmp_path: Path) -> None:
    entry = _one(
        tmp_path,
        _change(
            "aws_x.y",
            "update",
            before={"password": "geheim-1", "rows": [{"token": "geheim-2"}, {"token": "geheim-3"}], "name": "a"},
            after={"password": "geheim-4", "rows": [{"token": "geheim-5"}, {"token": "geheim-3"}], "name": "b"},
            before_sensitive={"password": True, "rows": [{"token": True}, {"token": True}]},
            after_sensitive={"password": True, "rows": [{"token": True}]},
            after_unknown={"url": True},
        ),
    )
    shown = {argument.path: (argument.before, argument.after) for argument in entry.arguments}
    assert "geheim" not in str(shown)
    assert shown == {
        "name": ('"a"', '"b"'),
        "password": ('"(sensitive)"', '"(sensitive, another value)"'),
        "rows[0].token": ('"(sensitive)"', '"(sensitive, another value)"'),
        "url": ("", '"(known after apply)"'),
    }


def test_a_plan_without_changes_leaves_none_of_the_resources(tmp_path: Path) -> None:
    assert [entry.address for entry in _planned(tmp_path).entries()] == ["values/a.yaml"]


def test_what_is_no_plan_or_of_no_stack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="is the plan of no stack"):
        _planned(tmp_path, stack="idp-typo")
    for name, text in (("empty", None), ("broken", "{"), ("other", "[]"), ("state", '{"values": {}}')):
        (tmp_path / name).mkdir()
        if text is not None:
            (tmp_path / name / f"{STACK}.json").write_text(text)
        with pytest.raises(OperationError, match="holds no plan" if text is None else "is no plan as JSON"):
            planned(Diff(deployments=()), tmp_path / name, {STACK: "idp"})
