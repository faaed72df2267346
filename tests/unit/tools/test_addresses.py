"""``addresses.lock`` follows the golden JSON, and refuses what would destroy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import tools.addresses
from constructs_lib.addresses import Removal
from tools.addresses import GOLDEN, LOCK, main

STACK = "idp-foundation-data"


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """A copy of one golden stack, and its lock beside it."""
    target = tmp_path / "golden" / "production"
    target.mkdir(parents=True)
    shutil.copy(GOLDEN / "production" / f"{STACK}.json", target)
    assert run("--write", tmp_path / "golden") == 0
    return tmp_path / "golden"


def run(verb: str, golden: Path) -> int:
    return main([verb], golden.parent / "addresses.lock", golden)


def rename(golden: Path, kind: str, before: str, after: str) -> None:
    path = golden / "production" / f"{STACK}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["resource"][kind][after] = document["resource"][kind].pop(before)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_the_committed_lock_is_that_of_the_golden_json() -> None:
    assert main(["--check"], LOCK, GOLDEN) == 0


def test_a_renamed_resource_is_refused_by_both_verbs(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = (golden.parent / "addresses.lock").read_text(encoding="utf-8")
    rename(golden, "aws_rds_cluster", "database", "aurora")
    for verb in ("--write", "--check"):
        assert run(verb, golden) == 1
        said = capsys.readouterr().err
        assert f"{STACK}/aws_rds_cluster.database is gone (new there: aws_rds_cluster.aurora)" in said
        assert "RENAMES" in said
        assert "REMOVALS" in said
    assert (golden.parent / "addresses.lock").read_text(encoding="utf-8") == kept


def test_with_a_reason_it_may_go(golden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename(golden, "aws_rds_cluster", "database", "aurora")
    row = Removal(stack="foundation-data", address="aws_rds_cluster.database", reason="a test")
    monkeypatch.setattr(tools.addresses, "REMOVALS", (row,))
    assert run("--check", golden) == 1
    assert run("--write", golden) == 0
    assert run("--check", golden) == 0


def test_a_new_address_has_to_be_written(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = golden / "production" / f"{STACK}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["resource"]["aws_kms_key"]["another"] = {}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert run("--check", golden) == 1
    assert "make golden" in capsys.readouterr().err
    assert run("--write", golden) == 0
    assert f"{STACK}/aws_kms_key.another\n" in (golden.parent / "addresses.lock").read_text(encoding="utf-8")
