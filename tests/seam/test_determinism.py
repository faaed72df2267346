"""One set of bytes, whoever asks: main.py, the engine's own command line, another directory, another run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synth import Synth
from tools import build as tools
from tools import npm

ROOT = Path(__file__).resolve().parent.parent.parent


def tree(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def times(directory: Path) -> dict[Path, int]:
    return {path.relative_to(directory): path.stat().st_mtime_ns for path in directory.rglob("*.json")}


def test_main_in_another_directory_writes_the_same_bytes_and_only_what_is_missing(
    shipped: Synth, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(shipped.directory, out)
    before = times(out)
    missing = Path("stacks", "idp-foundation-vpc", "cdk.tf.json")
    (out / missing).unlink()
    environment = os.environ | {"PYTHONHASHSEED": "2"}
    command = [sys.executable, str(ROOT / "main.py"), "--out", str(out)]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert tree(out) == tree(shipped.directory)
    after = times(out)
    assert {path for path, time in after.items() if time != before[path]} == {missing}


def test_the_engines_command_line_gives_the_same_bytes(shipped: Synth, tmp_path: Path) -> None:
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
    assert tree(tmp_path / "out") == tree(shipped.directory)
