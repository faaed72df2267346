"""Tests of what is otherwise than in another synth."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from config.deployment import Deployment
from idp.errors import OperationError
from idp.review.changes import difference
from idp.review.review import Review, review
from tests.unit.idp.review.output import write_stack

Build = Callable[..., Deployment]


def _bucket(name: str, **further: str) -> dict[str, dict[str, dict[str, dict[str, str]]]]:
    return {"resource": {"aws_s3_bucket": {name: {"bucket": name, **further}}}}


@pytest.fixture
def compared(deployment_with: Build, tmp_path: Path) -> Review:
    """Two stacks, one of which is new, against an output that had another and other blocks."""
    before, after = tmp_path / "before", tmp_path / "after"
    write_stack(before, "idp-bootstrap", _bucket("state", acl="private"), files={"values/a.yaml": "a: 1\nb: 2\n"})
    write_stack(before, "idp-account", _bucket("gone"))
    write_stack(after, "idp-bootstrap", _bucket("state", acl="log"), files={"values/a.yaml": "a: 1\nb: 3\n"})
    write_stack(after, "idp-foundation-vpc", _bucket("new"))
    return review(deployment_with(), after, before)


def test_added_changed_and_removed_are_marked(compared: Review) -> None:
    marked = {item.id: item.change for item in compared.items if item.change and item.kind != "provider"}
    assert marked == {
        "idp-bootstrap/aws_s3_bucket.state": "changed",
        "idp-bootstrap/values/a.yaml": "changed",
        "idp-foundation-vpc/aws_s3_bucket.new": "added",
        "idp-account/aws_s3_bucket.gone": "removed",
    }
    assert {stack.name: (stack.change, stack.order > 0, stack.resources) for stack in compared.stacks} == {
        "idp-bootstrap": ("changed", True, 1),
        "idp-foundation-vpc": ("added", True, 1),
        "idp-account": ("removed", False, 0),
    }


def test_a_changed_block_shows_the_lines_that_differ(compared: Review) -> None:
    diffs = {item.address: item.diff for item in compared.items if item.diff}
    assert '-  "acl": "private",' in diffs["aws_s3_bucket.state"]
    assert '+  "acl": "log",' in diffs["aws_s3_bucket.state"]
    assert diffs["values/a.yaml"] == ("@@ -1,2 +1,2 @@", " a: 1", "-b: 2", "+b: 3")


def test_the_same_output_has_no_changes(deployment_with: Build, tmp_path: Path) -> None:
    write_stack(tmp_path / "a", "idp-bootstrap", _bucket("state"), files={"values/a.yaml": "a: 1\n"})
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    found = review(deployment_with(), tmp_path / "a", tmp_path / "b")
    assert found.is_compared
    assert not [item.id for item in found.items if item.change]


def test_a_deployment_that_was_not_there_is_new(deployment_with: Build, tmp_path: Path) -> None:
    write_stack(tmp_path / "before", "other-bootstrap", _bucket("state"), deployment="other")
    write_stack(tmp_path / "after", "idp-bootstrap", _bucket("state"))
    found = review(deployment_with(), tmp_path / "after", tmp_path / "before")
    assert {item.change for item in found.items} == {"added"}


def test_a_directory_without_output_is_refused(deployment_with: Build, tmp_path: Path) -> None:
    write_stack(tmp_path / "after", "idp-bootstrap", _bucket("state"))
    with pytest.raises(OperationError, match="holds no synthesized output"):
        review(deployment_with(), tmp_path / "after", tmp_path / "typo")


def test_a_requirement_that_nobody_knows_is_refused(deployment_with: Build, tmp_path: Path) -> None:
    document = _bucket("state")
    document["resource"]["aws_s3_bucket"]["state"]["//"] = {"controls": ["10.99.1"]}  # type: ignore[assignment]
    write_stack(tmp_path, "idp-bootstrap", document)
    with pytest.raises(OperationError, match=r"10\.99\.1"):
        review(deployment_with(), tmp_path)


def test_text_that_loses_its_last_line_shows_it() -> None:
    assert difference("a\nb", "a") == ("@@ -1,2 +1 @@", " a", "-b")
