"""What is refused before a release is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from idp.errors import OperationError
from tools import release_snapshot


def test_another_version_than_the_project_s_is_refused() -> None:
    with pytest.raises(OperationError, match=r"9\.9\.9 isn't the version of pyproject.toml"):
        release_snapshot.keep("9.9.9", None)


def test_a_kept_release_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    monkeypatch.setattr(release_snapshot, "ROOT", tmp_path)
    monkeypatch.setattr(release_snapshot, "versions", lambda: ["v1.2.3"])
    with pytest.raises(OperationError, match=r"v1\.2\.3 is there"):
        release_snapshot.keep("1.2.3", None)


def test_a_state_with_a_secret_is_refused_and_says_where() -> None:
    instance = {"attributes": {"master_password": "x"}, "sensitive_attributes": []}
    resource = {"mode": "managed", "type": "aws_rds_cluster", "name": "database", "instances": [instance]}
    with pytest.raises(OperationError, match=r"data/aws_rds_cluster\.database: master_password") as refused:
        release_snapshot._refuse_secrets({"data": {"resources": [resource]}})
    assert "nothing was written" in str(refused.value)


def test_a_state_with_a_path_of_this_machine_is_refused() -> None:
    state = {"resources": [], "outputs": {"file": {"value": f"{Path.home()}/x"}}}
    with pytest.raises(OperationError, match="a path of this machine"):
        release_snapshot._refuse_secrets({"data": state})
