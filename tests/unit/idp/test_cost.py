"""``idp cost``: the same numbers in every form, what changes from another file, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from idp.cli import app
from idp.errors import OperationError
from tests.conftest import ROOT

runner = CliRunner()
DAY = ("--today", "2026-11-30")


@pytest.fixture
def file(tmp_path: Path, shipped_context: dict[str, Any]) -> Any:
    """Write a cdktf.json with changes to the shipped context; returns its path."""

    def write(name: str, changes: dict[str, Any] | None = None) -> str:
        path = tmp_path / name
        path.write_text(json.dumps({"context": shipped_context | (changes or {})}), encoding="utf-8")
        return str(path)

    return write


def said(*arguments: str) -> str:
    result = runner.invoke(app, ["cost", "--deployment", "idp", *DAY, *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> OperationError:
    error = runner.invoke(app, ["cost", "--deployment", "idp", *arguments]).exception
    assert isinstance(error, OperationError)
    return error


def test_the_three_forms_have_the_same_numbers(file: Any) -> None:
    config = file("cdktf.json")
    found = json.loads(said("--config", config, "--json"))
    table, markdown = said("--config", config), said("--config", config, "--markdown")
    assert {"control plane", "nodes", "nodes for teams"} <= set(found["lines"])
    assert "backstage" in found["components"] and "platform" in found["teams"]
    for part in ("lines", "components", "teams"):
        for name, line in found[part].items():
            row = [f"{line[bound]:,.2f}" for bound in ("minimum", "expected", "maximum")]
            assert f"| {name} | {' | '.join(row)} |" in markdown
            (shown,) = re.findall(rf"^│ {re.escape(name)} +│ +([\d,.]+) │ +([\d,.]+) │ +([\d,.]+) │", table, re.M)
            assert list(shown) == row
    assert f"**{found['total']['expected']:,.2f}**" in markdown


def test_a_change_shows_what_changes_and_the_sum(file: Any) -> None:
    config = file("new.json", {"deployment:vpc:natGateways": "per_az", "deployment:components": {}})
    text = said("--config", config, "--against", file("old.json"), "--markdown")
    assert "| NAT | +73.00 | +73.00 | +73.00 |" in text
    # What is gone.
    assert re.search(r"^\| backstage \| -[\d.]+ \| -[\d.]+ \| -[\d.]+ \|$", text, re.M)
    assert "| database |" not in text.split("components that change")[0]
    found = json.loads(said("--config", config, "--against", file("old.json"), "--json"))["change"]
    assert found["total"]["expected"] == pytest.approx(
        sum(line["expected"] for line in found["lines"].values()), abs=0.1
    )


def test_nothing_changes_against_itself(file: Any) -> None:
    text = said("--config", file("cdktf.json"), "--against", file("cdktf.json"), "--markdown")
    assert "| **all** | **0.00** | **0.00** | **0.00** |" in text
    assert len([line for line in text.splitlines() if line.startswith("| ")]) == 2


def test_the_day_says_which_support_is_paid(file: Any) -> None:
    config = file("cdktf.json")
    before = json.loads(said("--config", config, "--json"))
    after = json.loads(said("--config", config, "--json", "--today", "2026-12-03"))
    assert after["total"]["minimum"] - before["total"]["minimum"] == pytest.approx(365)
    assert after["lines"]["extended support"]["counted"] == "Kubernetes 1.34 since 2026-12-02"


def test_another_region_is_said_not_to_be_priced(file: Any) -> None:
    role = "arn:aws:iam::111122223333:role/admin"
    people = [{"username": "admin", "role": role, "email": "admin@example.com"}]
    changes = {"platform:region": "eu-west-1", "deployment:eks:administrators": people}
    text = said("--config", file("cdktf.json", changes), "--markdown")
    assert "by prices of us-west-2" in text and "The deployment is in eu-west-1" in text
    assert "The deployment is in" not in said("--config", str(ROOT / "cdktf.json"), "--markdown")


def test_a_type_without_a_price_is_refused_with_what_to_do(file: Any) -> None:
    error = refused("--config", file("cdktf.json", {"deployment:eks:systemInstanceTypes": ["m6i.large"]}))
    assert "m6i.large" in str(error) and "constructs_lib/cost/prices.py" in str(error)


def test_two_forms_at_once_are_refused() -> None:
    assert "give one of them" in str(refused("--markdown", "--json"))


def test_a_file_without_the_deployment_is_refused(file: Any) -> None:
    other = file("other.json", {"deployment:id": "idp-two", "platform:id": "idp-two"})
    assert "declares no deployment 'idp'" in str(refused("--config", file("cdktf.json"), "--against", other))
