"""One set of bytes, whoever asks: main.py, the engine's own command line, another directory, another run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import build as tools
from tools import npm

# Together in one worker: they share one output of main.py.
pytestmark = pytest.mark.xdist_group("determinism")

ROOT = Path(__file__).resolve().parent.parent.parent


def tree(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def run_main(out: Path, *, cwd: Path, hash_seed: str) -> dict[str, bytes]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    command = [sys.executable, str(ROOT / "main.py"), "--out", str(out)]
    subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True)
    return tree(out)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of main.py."""
    out = tmp_path_factory.mktemp("main") / "out"
    run_main(out, cwd=ROOT, hash_seed="1")
    return out


@pytest.fixture(scope="module")
def by_main(written: Path) -> dict[str, bytes]:
    return tree(written)


def test_another_run_in_another_directory_gives_the_same_bytes(by_main: dict[str, bytes], tmp_path: Path) -> None:
    assert len(by_main) > 1
    assert run_main(tmp_path / "out", cwd=tmp_path, hash_seed="2") == by_main


def test_the_engines_command_line_gives_the_same_bytes(by_main: dict[str, bytes], tmp_path: Path) -> None:
    cdktf, tofu = tools.cdktf(), tools.tofu()
    if cdktf is None or tofu is None:
        pytest.skip("cdktf-cli or tofu is not built; run `make tools`")
    environment = os.environ | {
        "CI": "true",
        "CHECKPOINT_DISABLE": "1",
        "CDKTF_HOME": str(tmp_path / "home"),
        "TERRAFORM_BINARY_NAME": str(tofu),
        "TF_CLI_CONFIG_FILE": os.devnull,
        "PATH": f"{npm.node().parent}{os.pathsep}{os.environ['PATH']}",
    }
    app = f"{sys.executable} {ROOT / 'main.py'}"
    command = [str(npm.node()), str(cdktf), "synth", "--app", app, "--output", str(tmp_path / "out")]
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert tree(tmp_path / "out") == by_main


def test_unchanged_files_are_not_written_again(written: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in written.rglob("*.json")}
    assert times
    run_main(written, cwd=ROOT, hash_seed="1")
    assert {path: path.stat().st_mtime_ns for path in written.rglob("*.json")} == times
