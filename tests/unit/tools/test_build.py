"""Builds of the real tools: what a network did once doesn't fail a test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import build
from tools.run import BuildError


class Flaky:
    """A build that fails ``failures`` times."""

    def __init__(self, failures: int) -> None:
        self.left = failures

    def __call__(self) -> None:
        self.left -= 1
        if self.left >= 0:
            raise BuildError("go mod failed:\nconnection reset by peer")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(build, "TOOLS", tmp_path)
    monkeypatch.setattr(build, "PAUSES", (0.0, 0.0))


def test_a_build_that_fails_once_is_tried_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert build._provide("helm", "3.20.2", None, Flaky(2)) == 0
    said = capsys.readouterr().out
    assert said.count("tools: helm: failed, again in 0 s: connection reset by peer") == 2
    assert (tmp_path / "helm.version").read_text() == "3.20.2\n"


def test_a_build_that_always_fails_is_said_and_leaves_no_stamp(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert build._provide("helm", "3.20.2", None, Flaky(9)) == 1
    assert "tools: helm 3.20.2: FAILED: go mod failed:\nconnection reset by peer" in capsys.readouterr().out
    assert not (tmp_path / "helm.version").exists()


def test_no_browser_and_no_way_to_get_one_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build.browser, "find", lambda: None)
    monkeypatch.setattr(build, "can_install_debian", lambda: False)
    build._offer_browser()
    assert "tools: browser: none; tests of the page for reviewers need one of chromium" in capsys.readouterr().out


def test_a_browser_that_is_missing_is_debians(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []
    found: list[Path | None] = [None, None, Path("/usr/bin/chromium-headless-shell")]
    monkeypatch.setattr(build.browser, "find", lambda: found.pop(0))
    monkeypatch.setattr(build, "can_install_debian", lambda: True)
    monkeypatch.setattr(build.browser, "install_debian", lambda packages: asked.append(list(packages)))
    build._offer_browser()
    assert asked == [["chromium-headless-shell"]]
    assert (tmp_path / "browser.version").exists()


def test_only_the_programs_named_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(build, "_program", lambda name: made.append(name) or 0)
    assert build.main(["helm", "tofu"]) == 0
    assert made == ["tofu", "helm"]


def test_an_unknown_program_is_said_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "_program", lambda name: pytest.fail(f"{name} was made"))
    assert build.main(["tofu", "tofuu"]) == 2
    assert "no program tofuu; there are tofu, " in capsys.readouterr().err
