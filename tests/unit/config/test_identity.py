"""The identity lock: what it records, refuses, and how it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config import identity
from config.deployment import Deployment
from config.errors import ConfigError
from constructs_lib.naming import naming_of

Build = Callable[..., Deployment]


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / identity.LOCK_FILE


def lay_out(directory: Path, context: dict[str, Any], **changes: Any) -> Path:
    path = directory / "cdktf.json"
    path.write_text(json.dumps({"context": {k: v for k, v in context.items() if k != "deployments"} | changes}))
    return path


def test_the_cluster_is_recorded_by_the_name_that_it_gets(deployment_with: Build) -> None:
    deployment = deployment_with()
    assert identity.identity_of(deployment).cluster == naming_of(deployment).cluster == "idp-platform"


def test_writing_adds_and_then_changes_nothing(deployment_with: Build, lock: Path) -> None:
    deployments = [("a.json", deployment_with())]
    assert identity.write(lock, deployments) == ["idp"]
    text = lock.read_text()
    assert identity.write(lock, deployments) == []
    assert lock.read_text() == text
    assert identity.check(lock, deployments) == []


def test_a_changed_deployment_is_not_written(deployment_with: Build, lock: Path) -> None:
    identity.write(lock, [("a.json", deployment_with())])
    text = lock.read_text()
    moved = deployment_with({"deployment:vpc:cidr": "10.200.0.0/16"})
    with pytest.raises(ConfigError, match=r"10\.200\.0\.0/16.*10\.100\.0\.0/16"):
        identity.write(lock, [("a.json", moved)])
    assert lock.read_text() == text


def test_replace_records_one_deployment_anew(deployment_with: Build, lock: Path) -> None:
    identity.write(lock, [("a.json", deployment_with())])
    moved = deployment_with({"deployment:vpc:cidr": "10.200.0.0/16"})
    assert identity.write(lock, [("a.json", moved)], replace=["idp"]) == ["idp"]
    assert json.loads(lock.read_text())["idp"]["vpc_cidr"] == "10.200.0.0/16"


def test_a_further_zone_is_recorded_and_can_not_be_taken_back(deployment_with: Build, lock: Path) -> None:
    two = [("a.json", deployment_with({"deployment:vpc:maxAzs": 2}))]
    identity.write(lock, two)
    assert identity.write(lock, [("a.json", deployment_with())]) == ["idp"]
    (problem,) = identity.check(lock, two)
    assert problem.key == "deployment:vpc:zones"


def test_entries_of_other_deployments_stay(deployment_with: Build, lock: Path) -> None:
    other = deployment_with({"deployment:id": "idp-b", "deployment:vpc:cidr": "10.1.0.0/16"})
    identity.write(lock, [("b.json", other)])
    identity.write(lock, [("a.json", deployment_with())])
    assert list(json.loads(lock.read_text())) == ["idp", "idp-b"]


def test_the_command_writes_once_and_refuses_a_change(
    tmp_path: Path, shipped_context: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    config = lay_out(tmp_path, shipped_context)
    assert identity.main(["--write", "--config", str(config)]) == 0
    assert "wrote idp" in capsys.readouterr().out
    config = lay_out(tmp_path, shipped_context, **{"platform:organization": "other-org"})
    assert identity.main(["--config", str(config)]) == 2
    assert identity.main(["--write", "--config", str(config)]) == 2
    error = capsys.readouterr().err
    assert '"other-org"' in error and '"example-org"' in error
    assert identity.main(["--write", "--replace", "idp", "--config", str(config)]) == 0
    assert identity.main(["--config", str(config)]) == 0


def test_the_command_knows_the_ids_that_it_may_replace(
    tmp_path: Path, shipped_context: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    config = lay_out(tmp_path, shipped_context)
    with pytest.raises(SystemExit) as stopped:
        identity.main(["--write", "--replace", "nobody", "--config", str(config)])
    assert stopped.value.code == 2
    assert "no deployment nobody" in capsys.readouterr().err
