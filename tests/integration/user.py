"""The project's own commands, run as a user runs them: a process of their own, against the sandbox."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from constructs_lib.written import MANIFEST, STACK_FILE, STACKS
from tests.integration.conftest import ROOT, Box

# Longer than any of them takes on a slow machine.
COMMAND_SECONDS = 600
DEAD, CREATED = "11111111-2222-3333-4444-555555555555", "2026-11-27T07:33:28.123456789Z"


def _listening() -> None:
    """Ctrl-C counts, also in a test run that a shell started in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody with a working copy of their own below ``directory``, and an output of the stacks of ``out``."""

    box: Box
    out: Path
    directory: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        paths = {"IDP_OUT": str(self.out), "IDP_WORK": str(self.directory / "work"), "COLUMNS": "250"}
        return {**self.box.operation.engine.environment, **self.box.sandbox.idp(), **paths, **self.extra}

    def start(self, verb: str, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "idp", verb, "--deployment", "idp", *options]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_listening,
        )

    def fails(self, verb: str, *options: str) -> str:
        """What the command says, which must end in 1 and without a traceback."""
        return self._ended(1, verb, *options)

    def runs(self, verb: str, *options: str) -> str:
        return self._ended(0, verb, *options)

    def _ended(self, code: int, verb: str, *options: str) -> str:
        process = self.start(verb, *options)
        printed, _ = process.communicate(timeout=COMMAND_SECONDS)
        assert process.returncode == code, printed
        assert "Traceback" not in printed
        return printed

    def work(self, stack: str) -> Path:
        return self.directory / "work" / stack


def output(box: Box, directory: Path, documents: Mapping[str, Mapping[str, Any]]) -> Path:
    """An output of the bootstrap stack and of hand-made ones: name → JSON."""
    bootstrap = box.operation.bootstrap
    shutil.copytree(bootstrap.directory, directory / STACKS / bootstrap.name)
    listed = {bootstrap.name: []} | dict.fromkeys(documents, [])
    for name, document in documents.items():
        (directory / STACKS / name).mkdir(parents=True)
        (directory / STACKS / name / STACK_FILE).write_text(json.dumps(document), encoding="utf-8")
    stacks = {
        name: {"synthesizedStackPath": f"{STACKS}/{name}/{STACK_FILE}", "dependencies": needs}
        for name, needs in listed.items()
    }
    (directory / MANIFEST).write_text(json.dumps({"stacks": stacks}), encoding="utf-8")
    return directory


def backend(box: Box, name: str) -> dict[str, Any]:
    """The backend of the bootstrap stack, for the state ``name``."""
    return dict(box.operation.bootstrap.document["terraform"]["backend"]["s3"]) | {"key": name}


def log_groups(box: Box, name: str, groups: Sequence[str]) -> dict[str, Any]:
    """A stack ``name`` of log groups, which the server makes at once."""
    bootstrap = box.operation.bootstrap.document
    tags = {"deployment": "idp", "stack": name}
    provider = {**bootstrap["provider"]["aws"][0], "default_tags": [{"tags": tags}]}
    return {
        "provider": {"aws": [provider]},
        "terraform": {
            "backend": {"s3": backend(box, name)},
            "required_providers": bootstrap["terraform"]["required_providers"],
        },
        "resource": {"aws_cloudwatch_log_group": {group: {"name": f"/{name}/{group}"} for group in groups}},
    }
