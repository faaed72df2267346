"""The command lines of doctor and verify: what they print, and with which code they end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from idp import doctor_cli, verify_cli
from idp.cli import app
from idp.errors import OperationError
from idp.findings import Finding, ok, warn
from tests.unit.idp.output import write_output

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    """Options that name a configuration."""
    for name in ("cdktf.json", "deployments.lock.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    document = json.loads((tmp_path / "cdktf.json").read_text())
    document["context"].pop("deployments")
    document["context"].pop("deployment:shared:replicationAccounts")
    (tmp_path / "cdktf.json").write_text(json.dumps(document))
    return ["--deployment", "idp", "--config", str(tmp_path / "cdktf.json")]


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Examinations say one thing is well and one isn't quite; listed is whether each was of a deployed one."""
    asked: list[bool] = []

    def examine(_patient: object, *, deployed: bool) -> Iterator[Finding]:
        asked.append(deployed)
        yield from (ok("tools: node", "24.11.0"), warn("quota: VPCs", "few", "ask for more"))

    monkeypatch.setattr(doctor_cli, "examine", examine)
    monkeypatch.setattr(doctor_cli, "is_deployed", lambda _aws, _deployment: True)
    return asked


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_a_table_by_default_and_json_where_asked(place: Sequence[str], moments: list[bool]) -> None:
    table = invoke("doctor", *place)
    assert (table.exit_code, moments) == (0, [True])
    assert "1 ok, 1 warn" in table.output
    printed = invoke("doctor", *place, "--json", "--before")
    document = json.loads(printed.output)
    assert (document["deployment"], document["moment"], moments) == ("idp", "before", [True, False])
    assert document["findings"][1] == {
        "check": "quota: VPCs",
        "result": "warn",
        "seen": "few",
        "remedy": "ask for more",
    }


@pytest.mark.usefixtures("moments")
def test_warnings_count_where_it_is_strict(place: Sequence[str]) -> None:
    assert invoke("doctor", *place, "--after").exit_code == 0
    assert invoke("doctor", *place, "--after", "--strict").exit_code == 2


def test_both_moments_at_once_are_refused(place: Sequence[str], moments: list[bool]) -> None:
    refused = invoke("doctor", *place, "--before", "--after")
    assert isinstance(refused.exception, OperationError)
    assert moments == []


def test_verify_without_credentials_asks_nothing(
    place: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_output(tmp_path / "out", {"idp-bootstrap": []})

    def nobody(_aws: object, _deployment: object) -> None:
        raise OperationError("nothing was done: Unable to locate credentials", remedy="log in")

    monkeypatch.setattr(verify_cli, "logged_in", nobody)
    monkeypatch.setattr(verify_cli, "kubectl_for", lambda *_a, **_k: pytest.fail("asked the cluster"))
    assert isinstance(invoke("verify", *place, "--out", str(tmp_path / "out")).exception, OperationError)
