"""Every command that a workflow or a hook runs is there, with the options that it is given."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
import typer
from ruamel.yaml import YAML

from idp.cli import app as idp_app
from tests.github.workflows import ROOT, jobs
from tools.ci.__main__ import app as ci_app
from tools.programs import PROGRAMS

PROGRAM = ".venv/bin/python -m "
APPS = {"idp": typer.main.get_command(idp_app), "tools.ci": typer.main.get_command(ci_app)}


def commands() -> Iterator[tuple[str, str]]:
    """(where, command) of each line of each script; what a line is joined from stands for itself."""
    for job in jobs():
        for script in job.scripts():
            for line in re.split(r"\n|\|\||&&|;", script):
                yield str(job), line.strip()


def called(start: str) -> list[tuple[str, list[str]]]:
    found = [(where, line.split(start, 1)[1]) for where, line in commands() if start in line]
    return [(where, shlex.split(re.split(r" >>? ", rest)[0])) for where, rest in found]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_make_targets_are_there() -> None:
    found = [words for _, words in called("make ")]
    names = {word for words in found for word in words if re.match(r"^[a-z-]+$", word) and not word.startswith("-")}
    assert {"check", "setup", "synth", "tools"} <= names <= targets()


def test_programs_that_make_tools_is_asked_for_are_there() -> None:
    asked = {word.partition("=")[2] for _, words in called("make ") for word in words if word.startswith("PROGRAMS=")}
    assert asked == {"tofu"} and asked <= set(PROGRAMS)


@pytest.mark.parametrize(("where", "words"), called(PROGRAM), ids=str)
def test_verbs_take_what_they_are_given(where: str, words: list[str]) -> None:
    module, verb, *arguments = words
    parameters = APPS[module].commands[verb].params  # type: ignore[attr-defined]
    options = {name: each for each in parameters for name in each.opts if each.param_type_name == "option"}
    given = [word for word in arguments if word.startswith("--")]
    assert set(given) <= set(options), where
    required = {each.opts[0] for each in options.values() if each.required and not each.envvar}
    assert required <= set(given), where


def test_the_hooks_run_what_make_check_runs() -> None:
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]
    entries = [hook["entry"] for hook in hooks[0]["hooks"]]
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    checks = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe.splitlines()[1:]]
    assert entries[:-1] == [check for check in checks if check.split()[0] != ".venv/bin/python"]
    assert entries[-1] == "make check"
    assert all(hook["language"] == "system" and hook["pass_filenames"] is False for hook in hooks[0]["hooks"])
