"""Synthesize: run the engine in a temporary directory, make its JSON canonical, check guardrails, then write.

Nothing reaches the output directory before everything is known to be right, and a file whose text didn't change is not
written again: its mtime stays.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.deployment import Deployment
from constructs_lib.adoption import RENAMES, Blocks, adoption
from constructs_lib.checkov import Reasons, with_waivers
from constructs_lib.engine import App
from constructs_lib.evidence.read import Controls, with_controls
from constructs_lib.exclusive import exclusive
from constructs_lib.guardrails import check_stacks
from constructs_lib.stack import PlatformStack, order
from constructs_lib.written import STACK_FILE, STACKS, as_text, assets, documents, write

__all__ = ["STACKS", "STACK_FILE", "Build", "assets", "canonical", "documents", "render", "synthesize", "write"]

Build = Callable[[App, Deployment], Sequence[PlatformStack]]


def synthesize(deployments: Sequence[Deployment], build: Build, outdir: Path) -> None:
    """Write one directory per stack below ``outdir``/stacks, and the engine's manifest.

    Raises GuardrailError where a stack breaks a rule, and ConfigError where a file takes over what no stack has;
    nothing is written then. So with OutputBusyError, where another synth is writing there, and OSError.
    """
    files = render(deployments, build)
    check_stacks(documents(files), assets(files))
    with exclusive(outdir):
        write(files, outdir)


def render(deployments: Sequence[Deployment], build: Build) -> dict[str, str]:
    """Relative path → text of every output file, canonical. Raises ConfigError (``adoption``)."""
    with tempfile.TemporaryDirectory(prefix="synth-") as scratch:
        app = App(outdir=scratch)
        files: dict[str, str] = {}
        built: dict[str, PlatformStack] = {}
        for deployment in deployments:
            stacks = build(app, deployment)
            order(stacks)
            for stack in stacks:
                files |= {f"{STACKS}/{stack.full_name}/{path}": text for path, text in stack.assets.items()}
                built[f"{STACKS}/{stack.full_name}/{STACK_FILE}"] = stack
        _run(app)
        taken = _adopted(built, Path(scratch))
        for path in Path(scratch).rglob("*.json"):
            relative = str(path.relative_to(scratch))
            text = path.read_text(encoding="utf-8")
            if owner := built.get(relative):
                further = {**owner.plain, **taken.get(owner.full_name, {})}
                files[relative] = canonical(text, further, owner.waivers, owner.controls)
            else:
                files[relative] = canonical(text)
        return dict(sorted(files.items()))


def _run(app: App) -> None:
    """Let the engine write. Raises OSError where its process finds no room: it says so as any error of its own."""
    try:
        app.synth()
    except RuntimeError as error:
        code = next((name for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS") if name in str(error)), None)
        if code is None:
            raise
        number: int = getattr(errno, code)
        raise OSError(number, os.strerror(number)) from error


def _adopted(built: Mapping[str, PlatformStack], scratch: Path) -> Blocks:
    """What each stack takes over. Most deployments take over nothing: their JSON isn't read for it."""
    owners = {stack.full_name: stack.deployment for stack in built.values()}
    asked = {each.id for each in owners.values() if each.adopt.imports or each.adopt.moved}
    wanted = {file: stack for file, stack in built.items() if RENAMES or stack.deployment.id in asked}
    read = {stack.full_name: json.loads((scratch / file).read_text(encoding="utf-8")) for file, stack in wanted.items()}
    return adoption({name: owners[name] for name in read}, read)


def canonical(
    text: str,
    further: Mapping[str, Any] | None = None,
    reasons: Reasons | None = None,
    controls: Controls | None = None,
) -> str:
    """JSON with sorted keys, two-space indentation and no engine metadata (the ``//`` keys) but an empty object.

    ``further`` joins it, object by object; ``reasons`` of waivers and ``controls`` stand in comments of their
    resources.

    The engine's command line reads ``//.metadata`` of every stack after a synth and fails without it (cdktf-cli
    0.21.0, cli-core, synth-stack.js).
    """
    document = _joined(json.loads(text), further or {})
    kept = with_controls(with_waivers(_without_metadata(document), reasons or {}), controls or {})
    if "//" in document:
        kept["//"] = {"metadata": {}}
    return as_text(kept)


def _joined(document: Any, further: Mapping[str, Any]) -> Any:
    for key, value in further.items():
        own = document.get(key)
        document[key] = _joined(own, value) if isinstance(own, dict) and isinstance(value, Mapping) else value
    return document


def _without_metadata(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_metadata(item) for key, item in value.items() if key != "//"}
    if isinstance(value, list):
        return [_without_metadata(item) for item in value]
    return value
