"""The golden path's files, filled in as Backstage's scaffolder does it, for a team of ``tests.teams``.

Nunjucks is made after Jinja2; the scaffolder changes its delimiters of variables and leaves the others.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import jinja2
import yaml

from tools import build as tools

ROOT = Path(__file__).resolve().parent.parent / "golden-path"
SKELETON = ROOT / "skeleton"
STRATEGIES = ("canary", "blue-green")
REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
VALUES = {
    "name": "web",
    "team": "alpha",
    "description": "Shows: what there is",
    "organization": "example-org",
    "registry": REGISTRY,
    "baseImage": f"{REGISTRY}/ecr-public/docker/library/python:3.11.13-slim-bookworm",
    "domain": "example.com",
}


def template() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "template.yaml").read_text(encoding="utf-8"))
    return found


def scaffold(directory: Path, strategy: str) -> None:
    """Write a repository of a new service into ``directory``. Raises where a file uses a value that isn't given."""
    engine = jinja2.Environment(
        variable_start_string="${{", undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    for path in (each for each in sorted(SKELETON.rglob("*")) if each.is_file()):
        target = directory / path.relative_to(SKELETON)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = engine.from_string(path.read_text(encoding="utf-8")).render(values=VALUES | {"strategy": strategy})
        target.write_text(text, encoding="utf-8")


def manifests(directory: Path, place: str) -> list[dict[str, Any]]:
    """What Argo CD makes of ``deploy/<place>``."""
    command = [str(tools.program("kubectl")), "kustomize", str(directory / "deploy" / place)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    return list(yaml.safe_load_all(finished.stdout))


def pod(found: list[dict[str, Any]]) -> dict[str, Any]:
    """A pod as Argo Rollouts makes it."""
    (rollout,) = (each for each in found if each["kind"] == "Rollout")
    spec = rollout["spec"]["template"]
    metadata = {"name": f"{rollout['metadata']['name']}-0123456789-abcde", **spec["metadata"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec["spec"]}
