"""Several generated files in one process: each is run as it would run alone."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tools import generated

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture(autouse=True)
def own_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["test"])


def module(directory: Path, name: str, end: str) -> str:
    (directory / f"{name}.py").write_text(f"import sys\nprint(__name__, *sys.argv[1:])\nsys.exit({end})\n")
    return name


def test_all_run_and_the_worst_end_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    ends = {"page_one": "0", "page_two": "1", "page_three": "'wrong'", "page_four": ""}
    names = [module(tmp_path, name, end) for name, end in ends.items()]
    assert generated.main(["--check", *names]) == 1
    said = capsys.readouterr()
    assert said.out == "__main__ --check\n" * 4
    assert said.err == "wrong\n"
    assert generated.main(["--write", names[0], names[3]]) == 0


@pytest.mark.parametrize("arguments", [[], ["--check"], ["config.schema"]])
def test_nothing_to_do_is_no_success(arguments: list[str]) -> None:
    assert generated.main(arguments) == 2


def test_every_page_that_can_be_checked_is_checked() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    listed = {
        name for names in re.findall(r"^(?:GENERATED|CHECKED) := (.*)$", makefile, re.M) for name in names.split()
    }
    pages = {f"tools.{path.stem}" for path in (ROOT / "tools").glob("*_page.py")}
    assert pages <= listed
