"""Runs shell blocks of the documents in copies of the project; which commands are proven elsewhere, and how."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.synth import Synth
from tools.doc_blocks import Block, shell_blocks

ROOT = Path(__file__).resolve().parent.parent

# Commands of blocks that aren't run once more, and what shows instead that they work.
PROVEN_ELSEWHERE = {
    # Tag run.
    "make synth": "fixture `shipped` is this synth, and its output is what the blocks find in cdktf.out",
    "make test": "is this very run",
    "make terrain": "test_terrain.py compares, in `make soak`; it needs a registry of packages",
    "make bench": "measures for minutes and decides nothing; only the form is checked",
    "make review AGAINST=.cache/before": "`make synth`, then what the line before it does, for each deployment",
    ".venv/bin/python -m idp review --deployment idp-pci": "in docs/REVIEW.md the next line does it, and compares too",
    ".venv/bin/python -m idp diff .cache/diff-before cdktf.out --json": "idp/diff/test_command.py reads it",
    ".venv/bin/python -m idp diff .cache/diff-before --deployment idp --markdown": "idp/diff/test_command.py reads it",
    ".venv/bin/python -m idp cost --deployment idp-pci --markdown": "idp/test_cost.py reads it",
    ".venv/bin/pytest tests/upgrades tests/integration/test_upgrades.py": "is a part of this very run",
    ".venv/bin/python -m tools.release_snapshot 0.1.0": "made what tests/upgrades reads; takes minutes",
    # Tag sandbox.
    "make sandbox": "fixtures `box` and `applied` start the server, apply every stack and plan it again",
    "make sandbox-down": "fixture `torn_down` destroys everything and lists what is left (test_cycle.py)",
}
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".tools", ".cache", ".sandbox", ".idp", ".hypothesis", ".*_cache", "cdktf.out"
)


@cache
def tagged(tag: str) -> list[Block]:
    """The blocks with ``tag`` that hold a command which isn't proven elsewhere."""
    return [block for block in every() if block.tag == tag and not nothing_left(block)]


@cache
def every() -> list[Block]:
    """The shell blocks of all documents."""
    return shell_blocks()


def project(directory: Path, output: Path) -> Path:
    """A copy of the project below ``directory``, with the Python of this run and the synthesized ``output``."""
    copy = directory / "project"
    shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
    shutil.copytree(output, copy / "cdktf.out")
    (copy / ".cache").mkdir()
    # Links into the environment, not to it: what make would write there stays in the copy.
    (copy / ".venv").mkdir()
    for each in Path(sys.prefix).iterdir():
        (copy / ".venv" / each.name).symlink_to(each)
    complete = copy / ".venv" / ".complete"
    complete.unlink(missing_ok=True)
    complete.touch()
    if (ROOT / ".tools").exists():
        (copy / ".tools").symlink_to(ROOT / ".tools")
    return copy


def shipped_project(directory: Path, shipped: Synth) -> Path:
    return project(directory, shipped.directory)


def script(block: Block) -> str:
    """The block without the commands that are proven elsewhere."""
    kept = [":" if command_of(line) in PROVEN_ELSEWHERE else line for line in block.text.splitlines()]
    return "\n".join(kept) + "\n"


def command_of(line: str) -> str:
    """``line`` without its comment."""
    return line.partition(" #")[0].strip()


def nothing_left(block: Block) -> bool:
    """Whether all commands of the block are proven elsewhere."""
    return all(line.partition("#")[0].strip() in ("", ":") for line in script(block).splitlines())


def run(block: Block, directory: Path, variables: Mapping[str, str], *, network: bool) -> str:
    """What the block prints, run by bash in ``directory``; without a network where ``network`` is false and this
    system lets us take it away. Fails the test where a command fails, with what it printed."""
    alone = [] if network or not _can_isolate() else ["unshare", "--map-root-user", "--net"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(directory.parent), "LANG": "C.UTF-8", **variables}
    finished = subprocess.run(
        [*alone, "bash", "-euo", "pipefail", "-c", script(block)],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    if finished.returncode:
        pytest.fail(f"{block.place} ends in {finished.returncode}:\n{finished.stdout[-4000:]}")
    return finished.stdout


# Where a network can't be taken away, nothing leads to an account or past a closed port either.
OFFLINE = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}


@cache
def _can_isolate() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--map-root-user", "--net", "true"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0
