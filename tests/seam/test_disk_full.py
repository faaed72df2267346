"""main.py with no room to write, and two of it at once into one directory: a whole output, or the one before."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config_copy import copied
from tests.seam.test_determinism import ROOT, tree

# Less than the engine's own program, which is the first file that a synth writes.
MOST_BYTES = 20_000
# tmpfs of these sizes: too small for the output; for the engine's files; for the engine's program.
OUTPUT_KILOBYTES, ENGINE_KILOBYTES, PROGRAM_KILOBYTES = 600, 2600, 1000


def refused(finished: subprocess.CompletedProcess[str], says: str) -> None:
    assert finished.returncode == 1, finished.stderr
    assert f"{says}; the output is as it was before\nNext: make room there" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_files_that_must_not_grow_are_told(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))

    command = [sys.executable, str(ROOT / "main.py"), "--out", str(tmp_path / "out")]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    finished = subprocess.run(
        command, env=environment, preexec_fn=limit, capture_output=True, text=True, check=False, timeout=600
    )
    refused(finished, "File too large")
    assert not (tmp_path / "out").exists()


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("size", "place"),
    [(OUTPUT_KILOBYTES, "out"), (ENGINE_KILOBYTES, "temporary"), (PROGRAM_KILOBYTES, "temporary")],
)
def test_a_full_disk_is_told(tmp_path: Path, size: int, place: str) -> None:
    """On a file system of its own, which takes a user namespace but no rights."""
    disk, out = tmp_path / "disk", tmp_path / "out"
    disk.mkdir()
    script = f"mount -t tmpfs -o size={size}k tmpfs {disk} && exec {sys.executable} {ROOT / 'main.py'} --out "
    script += f"{disk}/out" if place == "out" else str(out)
    space = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*space, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespace is to be had here")
    environment = os.environ | ({"TMPDIR": str(disk)} if place == "temporary" else {})
    finished = subprocess.run(
        [*space, "sh", "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    refused(finished, "No space left on device")
    assert str(disk) in finished.stderr
    assert not out.exists()


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_two_at_once_leave_one_whole_output(tmp_path: Path) -> None:
    """Of two configurations: what is there in the end is what one of them gives by itself."""
    other = copied(tmp_path)
    other.write_text(other.read_text().replace('"deployment:eks:version": "1.34"', '"deployment:eks:version": "1.33"'))
    assert other.read_text() != (ROOT / "cdktf.json").read_text()

    def start(config: Path, out: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(ROOT / "main.py"), "--config", str(config), "--out", str(out)]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    places = ((ROOT / "cdktf.json", "alone-1"), (other, "alone-2"), (ROOT / "cdktf.json", "both"), (other, "both"))
    running = [start(config, tmp_path / place) for config, place in places]
    assert [each.wait(600) for each in running] == [0] * len(running)
    alone = [tree(tmp_path / place) for place in ("alone-1", "alone-2")]
    assert alone[0] != alone[1]
    assert tree(tmp_path / "both") in alone
