"""How a commit is built: as the workflow says, else the repository's own file, else what files there are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unit.tools.workflow_steps import FILES, Step, said, source

NAMES = ("builder", "directory", "dockerfile", "test", "severity")
OPEN = {"BUILDER": "auto", "DIRECTORY": "", "DOCKERFILE": "", "TEST": "", "SEVERITY": "", "PUBLISH": "true"}
MAVEN, PNPM = "pom.xml", "pnpm-lock.yaml"


def repository(tmp_path: Path, *files: str, settings: str | None = None) -> Step:
    step = Step(tmp_path, source("ci-settings"))
    top = tmp_path / "work" / "source"
    top.mkdir()
    texts = dict.fromkeys(files, "") | ({".platform/ci.env": settings} if settings is not None else {})
    for name, text in texts.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return step


def settled(tmp_path: Path, step: Step, **given: str) -> tuple[str, ...]:
    finished = step.run(**OPEN | given)
    assert finished.returncode == 0, finished.stderr
    return tuple(said(tmp_path, name) for name in NAMES)


def refused(step: Step, **given: str) -> str:
    finished: subprocess.CompletedProcess[str] = step.run(**OPEN | given)
    assert finished.returncode == 2, finished.stdout
    return finished.stderr


@pytest.mark.parametrize(
    ("files", "builder"),
    [
        ((), "none"),
        ((MAVEN,), "java-maven"),
        ((PNPM,), "node-pnpm"),
        # Maven runs pnpm by a plugin of its own; the other way round nobody does it.
        ((MAVEN, PNPM), "java-maven"),
        ((f"web/{PNPM}",), "none"),
    ],
)
def test_files_say_what_builds(tmp_path: Path, files: tuple[str, ...], builder: str) -> None:
    step = repository(tmp_path, "Dockerfile", *files)
    assert settled(tmp_path, step) == (builder, ".", "./Dockerfile", "", "high")


@pytest.mark.parametrize("builder", ["none", "node-pnpm"])
def test_what_the_workflow_says_wins_over_files(tmp_path: Path, builder: str) -> None:
    step = repository(tmp_path, "Dockerfile", MAVEN, settings="builder=java-maven\ntest=a\n")
    assert settled(tmp_path, step, BUILDER=builder, TEST="b")[0::3] == (builder, "b")


def test_the_repository_says_the_rest_for_itself(tmp_path: Path) -> None:
    text = "# how we build\n\ndirectory=web\ndockerfile=images/Dockerfile\ntest=make check LEVEL=\nseverity=critical"
    step = repository(tmp_path, f"web/{PNPM}", "images/Dockerfile", MAVEN, settings=text)
    assert settled(tmp_path, step) == ("node-pnpm", "web", "images/Dockerfile", "make check LEVEL=", "critical")


def test_the_dockerfile_is_that_of_the_directory(tmp_path: Path) -> None:
    assert settled(tmp_path, repository(tmp_path, "web/Dockerfile"), DIRECTORY="web")[2] == "web/Dockerfile"


def test_only_what_publishes_nothing_does_without_an_image(tmp_path: Path) -> None:
    step = repository(tmp_path, "README.md")
    assert settled(tmp_path, step, PUBLISH="false")[2] == ""
    assert "no Dockerfile: ./Dockerfile" in refused(step)
    assert "no Dockerfile: other" in refused(step, PUBLISH="false", DOCKERFILE="other")


def test_the_file_is_read_and_not_run(tmp_path: Path) -> None:
    step = repository(tmp_path, "Dockerfile", settings=f"test=$(touch {tmp_path}/ran); `touch {tmp_path}/ran`")
    assert settled(tmp_path, step)[3].startswith("$(touch ")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("publish=true", "unknown key in: "),
        ("builder", "unknown key in: "),
        ("builder=gradle", "no builder: gradle"),
        ("severity=none", "no severity: none"),
        ("directory=../other", "no path inside the source: ../other"),
        ("directory=/work", "no path inside the source: /work"),
        ("dockerfile=a/../../b", "no path inside the source: a/../../b"),
        ("directory=-x", "no path inside the source: -x"),
        ("directory=gone", "no directory of the source: gone"),
        ("test={{workflow.parameters.image}}", "no braces in: test="),
    ],
)
def test_what_the_file_may_not_say_is_refused(tmp_path: Path, settings: str, message: str) -> None:
    assert message in refused(repository(tmp_path, "Dockerfile", settings=settings))


@pytest.mark.parametrize("link", [".platform", ".platform/ci.env"])
def test_a_link_is_not_followed_and_its_target_not_shown(tmp_path: Path, link: str) -> None:
    step = repository(tmp_path, "Dockerfile")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "ci.env").write_text("not-for-logs", encoding="utf-8")
    path = tmp_path / "work" / "source" / link
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(tmp_path / "outside" / ("" if link == ".platform" else "ci.env"))
    message = refused(step)
    assert "must not be a link" in message and "not-for-logs" not in message


def test_a_push_is_built_by_what_its_commit_says() -> None:
    """Sensors give no builder, so the default decides."""
    ci = FILES["ci"]
    assert ci.parameters["builder"]["value"] == "auto"
    tasks = ci.templates["build"].tasks()
    for builder in ("java-maven", "node-pnpm"):
        assert tasks[builder]["when"] == f"{{{{=tasks.settings.outputs.parameters.builder == '{builder}'}}}}"
        assert tasks[builder]["depends"] == "settings.Succeeded"
    assert set(ci.parameters["builder"]["enum"]) - {"auto", "none"} == tasks.keys() - {"checkout", "settings"}


def test_a_stranger_s_repository_says_nothing_for_itself() -> None:
    (template,) = FILES["pull-request"].templates.values()
    assert ".platform" not in str(template.node)
