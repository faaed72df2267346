"""A lock holds what is asked for, and no lock is forgotten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools import locks
from tools.locks import LOCKS, Lock, main, problems


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files that locks are made from."""
    for lock in LOCKS:
        for name in filter(None, (lock.path, lock.source)):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(locks.ROOT / name, tmp_path / name)
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    return tmp_path


def test_every_lock_of_the_repository_is_known() -> None:
    places = [*locks.ROOT.glob("requirements*.lock"), *locks.ROOT.glob("images/*/requirements.lock")]
    assert {str(place.relative_to(locks.ROOT)) for place in places} == {lock.path for lock in LOCKS}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.path)
def test_a_lock_holds_what_is_asked_for(lock: Lock) -> None:
    assert lock.requirements() and list(problems(lock)) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('"jinja2>=3.1.6,<4"', "requirements.lock: jinja2<4,>=99 is asked for, it holds 3."),
        ('"jinja2>=3.1.6,<4"', "requirements-dev.lock: jinja2<4,>=99 is asked for, it holds 3."),
        ('"mypy>=1.18"', "requirements-dev.lock: mypy>=99 is asked for, it holds "),
    ],
)
def test_another_range_is_seen(root: Path, capsys: pytest.CaptureFixture[str], asked: str, said: str) -> None:
    project = root / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    assert asked in text
    project.write_text(text.replace(asked, asked.replace("3.1.6", "99").replace("1.18", "99")), encoding="utf-8")
    assert main(["--check"]) == 1
    assert said in capsys.readouterr().out


def test_a_package_that_is_new_is_seen(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (root / "images" / "atlantis" / "requirements.in").open("a", encoding="utf-8") as file:
        file.write("some-package\n")
    assert main(["--check"]) == 1
    assert "images/atlantis/requirements.lock: some-package is asked for and isn't there" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--wrong"], ["--check", "--write"]])
def test_without_knowing_what_to_do_nothing_is_done(arguments: list[str]) -> None:
    assert main(arguments) == 2
