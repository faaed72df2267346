"""A small synthesized output for tests: stacks with what they read, and any resources."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from idp.output import Stack


def stack(
    name: str,
    *,
    deployment: str = "idp",
    reads: Sequence[str] = (),
    resources: Mapping[str, Any] | None = None,
    directory: Path = Path(),
) -> Stack:
    return Stack(
        name=name,
        deployment=deployment,
        directory=directory,
        reads=frozenset(reads),
        document=document(deployment, reads, resources or {}),
    )


def document(deployment: str, reads: Sequence[str], resources: Mapping[str, Any]) -> dict[str, Any]:
    states = {key.replace("-", "_"): {"backend": "s3", "config": {"key": key}} for key in reads}
    return {
        "provider": {"aws": [{"default_tags": [{"tags": {"deployment": deployment}}]}]},
        "data": {"terraform_remote_state": states},
        "resource": resources,
    }


def write_output(out: Path, stacks: Mapping[str, Sequence[str]], deployment: str = "idp") -> None:
    """Write an output with these stacks (name → what it reads), adding to one that is there."""
    manifest = out / "manifest.json"
    listed = json.loads(manifest.read_text())["stacks"] if manifest.exists() else {}
    for name, reads in stacks.items():
        directory = out / "stacks" / name
        directory.mkdir(parents=True)
        (directory / "cdk.tf.json").write_text(json.dumps(document(deployment, reads, {})))
        listed[name] = {"synthesizedStackPath": f"stacks/{name}/cdk.tf.json", "dependencies": []}
    manifest.write_text(json.dumps({"stacks": listed}))
