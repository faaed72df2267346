"""Synthesize: run the engine in a temporary directory, make its JSON canonical, check guardrails, then write.

Nothing reaches the output directory before everything is known to be right, and a file whose text didn't change is not
written again: its mtime stays.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.deployment import Deployment
from constructs_lib.adoption import RENAMES, Blocks, adoption
from constructs_lib.checkov import Reasons, with_waivers
from constructs_lib.engine import App
from constructs_lib.evidence.read import Controls, with_controls
from constructs_lib.guardrails import check_stacks
from constructs_lib.stack import ASSET_DIRECTORIES, PlatformStack, order

STACK_FILE = "cdk.tf.json"
STACKS = "stacks"

Build = Callable[[App, Deployment], Sequence[PlatformStack]]


def synthesize(deployments: Sequence[Deployment], build: Build, outdir: Path) -> None:
    """Write one directory per stack below ``outdir``/stacks, and the engine's manifest.

    Raises GuardrailError where a stack breaks a rule, and ConfigError where a file takes over what no stack has;
    nothing is written then.
    """
    files = render(deployments, build)
    check_stacks(documents(files), assets(files))
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
        app.synth()
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


def _adopted(built: Mapping[str, PlatformStack], scratch: Path) -> Blocks:
    """What each stack takes over. Most deployments take over nothing: their JSON isn't read for it."""
    owners = {stack.full_name: stack.deployment for stack in built.values()}
    asked = {each.id for each in owners.values() if each.adopt.imports or each.adopt.moved}
    wanted = {file: stack for file, stack in built.items() if RENAMES or stack.deployment.id in asked}
    read = {stack.full_name: json.loads((scratch / file).read_text(encoding="utf-8")) for file, stack in wanted.items()}
    return adoption({name: owners[name] for name in read}, read)


def documents(files: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Stack name → parsed JSON, from the output files."""
    return {Path(path).parent.name: json.loads(text) for path, text in files.items() if path.endswith(STACK_FILE)}


def assets(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Stack name → path below its directory → text, of the files beside the JSON."""
    found: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        parts = path.split("/", 2)
        if parts[0] == STACKS and parts[2].partition("/")[0] in ASSET_DIRECTORIES:
            found.setdefault(parts[1], {})[parts[2]] = text
    return found


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
    return json.dumps(kept, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write(files: Mapping[str, str], outdir: Path) -> None:
    """Make ``outdir`` hold ``files``: changed ones replaced atomically, stacks and assets that are gone removed."""
    for relative, text in files.items():
        target = outdir / relative
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
    _remove_stale(files, outdir)


def _remove_stale(files: Mapping[str, str], outdir: Path) -> None:
    stacks = outdir / STACKS
    wanted = {Path(relative).parent.name for relative in files if relative.endswith(STACK_FILE)}
    for directory in sorted(stacks.iterdir()) if stacks.is_dir() else []:
        if directory.is_dir() and directory.name not in wanted:
            shutil.rmtree(directory)
    # Deepest first, so that a directory is looked at after all that it holds.
    owned = [
        path for name in ASSET_DIRECTORIES for glob in ("*/{}", "*/{}/**/*") for path in stacks.glob(glob.format(name))
    ]
    for path in sorted(owned, reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and str(path.relative_to(outdir)) not in files:
            path.unlink()


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
