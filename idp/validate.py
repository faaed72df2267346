"""Whether the configuration, the output and each stack by itself are right, before anything is planned. No credentials.

The engine's own validation needs each stack's providers. They are had once for all stacks that need the same ones.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from constructs_lib.guardrails import check_stacks
from idp.engine import Engine
from idp.errors import OperationError
from idp.log import LOG
from idp.operation import QUIET, Operation
from idp.output import Stack, read_output
from idp.walk import unordered

PROVIDERS = Path(".terraform") / "providers"
LOCKED = ".terraform.lock.hcl"
# How both engines say that a provider isn't to be had: no registry, no mirror, no such version there.
NOT_HAD = (
    "Failed to query available provider packages",
    "Failed to resolve provider packages",
    "Failed to install provider",
)


def guardrails(out: Path) -> int:
    """Check every guardrail on all that ``out`` holds. Returns the number of stacks; raises GuardrailError."""
    # Only here: it brings the engine along, which every verb would wait for.
    from constructs_lib.synth import assets, documents

    stacks = read_output(out)
    root = out.resolve()
    files = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for stack in stacks
        for path in sorted(stack.directory.resolve().rglob("*"))
        if path.is_file() and ".terraform" not in path.parts
    }
    check_stacks(documents(files), assets(files))
    return len(stacks)


@dataclass(kw_only=True)
class Validated:
    """Stack → what is wrong with it, and stack → why it couldn't be asked."""

    wrong: dict[str, str] = field(default_factory=dict)
    unasked: dict[str, str] = field(default_factory=dict)


def validate(operation: Operation, only: Sequence[str] | None = None) -> Validated:
    """The engine's `validate` on every stack, or ``only`` these, by working copies of their own."""
    found = Validated()
    chosen = operation.chosen(only)
    ready = {needs: _providers(operation, needs) for needs in sorted({_needs(stack) for stack in chosen})}

    sources: dict[str, Path] = {}
    for stack in chosen:
        source = ready[_needs(stack)]
        if isinstance(source, str):
            found.unasked[stack.name] = source
        else:
            sources[stack.name] = source

    def work(stack: Stack) -> None:
        with operation.step(stack, "validate") as note:
            problem = _validate(operation.engine, operation.workspace.prepare(stack), sources[stack.name])
            note["counts"] = "wrong" if problem else "ok"
            if problem:
                found.wrong[stack.name] = problem

    asked = [stack for stack in chosen if stack.name in sources]
    operation.each(asked, unordered(asked), work)
    return found


def _needs(stack: Stack) -> str:
    return json.dumps(stack.document["terraform"]["required_providers"], sort_keys=True)


def _providers(operation: Operation, needs: str) -> Path | str:
    """A directory with the providers that ``needs`` names, or why they aren't to be had. Raises OperationError."""
    required = json.loads(needs)
    scratch = {"terraform": {"required_providers": required}}
    directory = operation.workspace.scratch(f"providers-{'-'.join(sorted(required))}", scratch)
    started = operation.engine.attempt(directory, "init", *QUIET, *operation.lock(directory))
    if not started.code:
        return directory
    if not any(words in started.text for words in NOT_HAD):
        raise OperationError(
            f"{operation.engine.program.name} init failed\n{started.progress.problems}",
            remedy=f"all output is in {directory / LOG}",
        )
    return f"{', '.join(sorted(required))}: not all of these providers are to be had here ({directory / LOG})"


def _validate(engine: Engine, directory: Path, source: Path) -> str:
    """What the engine says against the stack in ``directory``, with the providers of ``source``; empty if nothing."""
    link = directory / PROVIDERS
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to((source / PROVIDERS).resolve(), target_is_directory=True)
    shutil.copyfile(source / LOCKED, directory / LOCKED)
    finished = engine.attempt(directory, "validate", "-no-color")
    return finished.text.strip() if finished.code else ""
