"""Every configuration case of cases/: what loads, and what each wrong file is told."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.loader import load
from tests.config import cases


@pytest.mark.parametrize("path", cases.paths("happy"), ids=lambda path: path.name)
def test_it_loads(path: Path, tmp_path: Path, shipped_context: dict[str, Any]) -> None:
    case = cases.read(path)
    deployment = load(case.lay_out(tmp_path, shipped_context))[-1].model_dump(mode="json", by_alias=True)
    found = {name: functools.reduce(lambda at, part: at[part], _parts(name), deployment) for name in case.expect}
    assert found == case.expect


@pytest.mark.parametrize("path", cases.paths("error"), ids=lambda path: path.name)
def test_it_is_refused_with_these_problems(path: Path, tmp_path: Path, shipped_context: dict[str, Any]) -> None:
    case = cases.read(path)
    with pytest.raises(ConfigError) as refused:
        load(case.lay_out(tmp_path, shipped_context))
    assert list(refused.value.problems) == case.expected()


@pytest.mark.parametrize("path", cases.paths("error"), ids=lambda path: path.name)
def test_its_name_says_which_key_is_wrong(path: Path) -> None:
    case = cases.read(path)
    assert case.error_path in [cases.file_path(problem.key) for problem in case.expected()]


def _parts(name: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in name.split(".")]
