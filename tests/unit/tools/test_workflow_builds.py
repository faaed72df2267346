"""What steps call when they build and test: programs of their images, which a few lines of shell play."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.tools.workflow_steps import Step, source


def calls(tmp_path: Path, template: str, program: str, **given: str) -> list[str]:
    """What the step gives ``program``, in directory ``web`` of the source."""
    step = Step(tmp_path, source(template))
    (tmp_path / "work" / "source" / "web").mkdir(parents=True)
    said = tmp_path / "calls"
    step.program(program, f'[ "${{PWD##*/}}" = web ] && echo "$*" >> {said}')
    finished = step.run(DIRECTORY="web", **given)
    assert finished.returncode == 0, finished.stderr
    return said.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("scripts", "run"),
    [
        # By default what there is of them: not every package has both.
        ("", ["run --if-present test", "run --if-present build"]),
        ("lint test:unit", ["run lint", "run test:unit"]),
    ],
)
def test_pnpm_installs_what_is_locked_and_runs_one_script_after_the_other(
    tmp_path: Path, scripts: str, run: list[str]
) -> None:
    found = calls(tmp_path, "node-pnpm", "npx", PNPM="1.2.3", SCRIPTS=scripts)
    store = f"install --frozen-lockfile --store-dir {tmp_path}/work/cache"
    assert found == [f"--yes pnpm@1.2.3 {each}" for each in (store, *run)]


def test_maven_keeps_what_it_downloads_in_the_cache(tmp_path: Path) -> None:
    (found,) = calls(tmp_path, "java-maven", "mvn", GOALS="clean verify")
    assert found == f"--batch-mode --no-transfer-progress -Dmaven.repo.local={tmp_path}/work/cache clean verify"


def test_reports_of_a_test_that_fails_are_there_to_be_kept(tmp_path: Path) -> None:
    step = Step(tmp_path, source("integration"))
    (tmp_path / "work" / "source").mkdir()
    reports = tmp_path / "work" / "reports"
    finished = step.run(COMMAND='echo "$TARGET" > "$REPORTS/target"; false', TARGET="shop", REPORTS=str(reports))
    assert finished.returncode == 1
    assert (reports / "target").read_text(encoding="utf-8") == "shop\n"
