"""What is accepted becomes whole output below its directory; what isn't leaves nothing behind."""

from __future__ import annotations

import copy
import datetime
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import main
from config.errors import ConfigError
from config.loader import load
from constructs_lib.guardrails import check_stacks
from constructs_lib.helm.blocks import known
from constructs_lib.written import assets, documents
from tests import strategies
from tests.config.test_properties import UNIT
from tests.hostile.expressions import foreign
from tests.hostile.files import disguised_files
from tests.hostile.payloads import NEVER
from tests.hostile.places import ROOT, put, shipped, steps, texts, whole

TODAY = datetime.date(2026, 11, 27)
FUNCTION = [*UNIT.suppress_health_check, HealthCheck.function_scoped_fixture]
# By hand new files each time, whose seed pytest prints where one fails; in CI the same.
SOAK = settings(UNIT, suppress_health_check=FUNCTION, derandomize="CI" in os.environ, print_blob=True)
_NUMBER = itertools.count()


def snapshot(directory: Path, *, but: Path) -> dict[str, bytes | None]:
    """Everything below ``directory`` but what lies in ``but``."""
    return {
        str(path.relative_to(directory)): path.read_bytes() if path.is_file() else None
        for path in directory.rglob("*")
        if path != but and but not in path.parents
    }


def synthesized(base: Path, context: Mapping[str, Any]) -> int:
    """The exit code of a synth in a directory of its own; asserts all that must hold of its output."""
    directory = base / f"synth-{next(_NUMBER)}"
    directory.mkdir()
    out = directory / "out"
    (directory / "cdktf.json").write_text(json.dumps({"context": dict(context)}), encoding="utf-8")
    before = snapshot(base, but=out)
    code = main.synth(directory / "cdktf.json", out, TODAY)
    assert snapshot(base, but=out) == before
    assert code in (0, 2)
    if code == 2:
        assert not out.exists()
    else:
        whole_output(out, str(context["deployment:id"]))
    shutil.rmtree(directory)
    return code


def whole_output(out: Path, deployment: str) -> None:
    files = {str(path.relative_to(out)): path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file()}
    assert not any(path.is_symlink() for path in out.rglob("*"))
    found = documents(files)
    assert found and all(name.startswith(f"{deployment}-") for name in found)
    check_stacks(found, assets(files))
    for name, document in found.items():
        assert not list(foreign(document)), name
    for path, text in files.items():
        values = known(text) if path.endswith(".yaml") else None
        assert values is None or "${" not in json.dumps(values) or "/charts/" in path, path


def hostile_contexts() -> Iterator[dict[str, Any]]:
    """A payload of each kind at each text in turn; nothing of it loads."""
    file, payloads = whole(), itertools.cycle(itertools.chain.from_iterable(NEVER.values()))
    for path in texts():
        yield put(file, steps(path, file), next(payloads))


def small(file: dict[str, Any]) -> dict[str, Any]:
    """``file`` without components, which are most of a synth's time."""
    without = copy.deepcopy(file)
    for component in without["deployment:components"].values():
        component["enabled"] = False
    return without


def test_the_whole_file_synthesizes(tmp_path: Path) -> None:
    assert synthesized(tmp_path, whole()) == 0


@settings(UNIT, max_examples=1, suppress_health_check=FUNCTION)
@given(disguised_files())
def test_what_looks_like_something_else_stays_what_it_is(tmp_path: Path, file: dict[str, Any]) -> None:
    assert synthesized(tmp_path, file) == 0


@pytest.mark.soak
@settings(SOAK, max_examples=60)
@given(disguised_files(changes=25))
def test_sixty_disguised_files_synthesize(tmp_path: Path, file: dict[str, Any]) -> None:
    assert synthesized(tmp_path, file) == 0


@pytest.mark.soak
@settings(SOAK, max_examples=90)
@given(strategies.right_files())
def test_ninety_right_files_synthesize(tmp_path: Path, file: dict[str, Any]) -> None:
    assert synthesized(tmp_path, small(file)) == 0


@pytest.mark.soak
def test_a_hundred_and_fifty_hostile_files_leave_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = Counter(synthesized(tmp_path, context) for context in hostile_contexts())
    assert found[2] == sum(found.values()) >= 150
    with capsys.disabled():
        print(f"\nhostile files through synth, refused: {found[2]}")


@pytest.mark.soak
def test_the_real_command_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    for context in itertools.islice(hostile_contexts(), 0, None, 30):
        config, out = tmp_path / "cdktf.json", tmp_path / "out"
        config.write_text(json.dumps({"context": context}), encoding="utf-8")
        command = [sys.executable, str(ROOT / "main.py"), "--config", str(config), "--out", str(out)]
        finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert finished.returncode == 2
        assert "Traceback" not in finished.stderr and "remedy: " in finished.stderr
        assert len(finished.stderr) < 3_000
        assert not out.exists()


# Stacks of deployment idp-teams, which a team of deployment idp would have as well.
@pytest.mark.parametrize("team", ["foundation-vpc", "teams-shared"])
def test_two_deployments_never_share_a_stack(tmp_path: Path, team: str) -> None:
    first = small(shipped()) | {"deployment:teams": [{"name": team, "size": "small", "members": ["a"]}]}
    second = small(shipped()) | {
        "deployment:id": "idp-teams",
        "platform:account": "444455556666",
        "deployment:eks:administrators": [
            {"username": "a", "role": "arn:aws:iam::444455556666:role/a", "email": "a@example.com"}
        ],
    }
    (tmp_path / "second.json").write_text(json.dumps(second), encoding="utf-8")
    (tmp_path / "cdktf.json").write_text(json.dumps({"context": first | {"deployments": ["second.json"]}}))
    with pytest.raises(ConfigError) as raised:
        load(tmp_path / "cdktf.json")
    assert [(problem.file, problem.key) for problem in raised.value.problems] == [("second.json", "deployment:id")]


def test_an_expression_of_somebody_else_is_found() -> None:
    document = {"resource": {"aws_vpc": {"vpc": {"tags": {}}}}, "locals": {"x": 1}}
    ours = ("${aws_vpc.vpc.id}", "$${x}", '${file("${path.module}/values/a.yaml")}', "${local.x}", "%%{ if true }")
    theirs = ("${aws_vpc.other.id}", "$$${x}", "a%{ if true }b", "${", "${path.cwd}", '${file("${x.y}")}', "${env(1)}")
    assert not list(foreign(document | {"output": list(ours)}))
    for text in theirs:
        assert list(foreign(document | {"output": text})), text
        assert list(foreign(document | {"output": {text: 1}})), text
