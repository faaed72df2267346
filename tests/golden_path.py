"""The golden path's files, filled in as Backstage's scaffolder does it, for a team of ``tests.teams``.

Nunjucks is made after Jinja2; the scaffolder changes its delimiters of variables and leaves the others.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import yaml

from tools import build as tools

ROOT = Path(__file__).resolve().parent.parent / "golden-path"
SKELETON = ROOT / "skeleton"
STRATEGIES = ("canary", "blue-green")
REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
# Argo Rollouts' label of the pods of one version.
HASH = "rollouts-pod-template-hash"
VALUES = {
    "name": "web",
    "team": "alpha",
    "description": "Shows: what there is",
    "organization": "example-org",
    "registry": REGISTRY,
    "baseImage": f"{REGISTRY}/ecr-public/docker/library/python:3.11.13-slim-bookworm",
    "domain": "example.com",
    "analysis": "metrics",
}

# What the form takes, too: words that YAML reads as something else, and the longest name.
ODD = {"name": "null", "description": "Says: #1 & 'yes', <no>; - %{x}, {{ y }}"}
LONGEST = {"name": "a-service-of-20-char", "description": "x" * 120}
SERVICES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "canary": ("canary", {}),
    "blue-green": ("blue-green", {"name": "api"}),
    "odd": ("canary", {**ODD, "analysis": "none"}),
    "longest": ("blue-green", {**LONGEST, "analysis": "none"}),
}


def template() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "template.yaml").read_text(encoding="utf-8"))
    return found


def form() -> dict[str, Any]:
    """What the form asks: name → JSON Schema."""
    return {name: each for page in template()["spec"]["parameters"] for name, each in page["properties"].items()}


def scaffold(directory: Path, strategy: str, changes: Mapping[str, str] | None = None) -> None:
    """Write a repository of a new service into ``directory``: ``VALUES`` with ``changes``.

    Raises where a file uses a value that isn't given.
    """
    values = VALUES | (changes or {}) | {"strategy": strategy}
    engine = jinja2.Environment(
        variable_start_string="${{", undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    for path in (each for each in sorted(SKELETON.rglob("*")) if each.is_file()):
        target = directory / path.relative_to(SKELETON)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = engine.from_string(path.read_text(encoding="utf-8")).render(values=values)
        target.write_text(text, encoding="utf-8")


def manifests(directory: Path, place: str) -> list[dict[str, Any]]:
    """What Argo CD makes of ``deploy/<place>``."""
    command = [str(tools.program("kubectl")), "kustomize", str(directory / "deploy" / place)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    return list(yaml.safe_load_all(finished.stdout))


def one(found: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The only object of ``kind``."""
    (each,) = (each for each in found if each["kind"] == kind)
    return each


def replica_set(rollout: dict[str, Any], revision: str, replicas: int) -> dict[str, Any]:
    """A ReplicaSet as Argo Rollouts makes it of a Rollout that the API server has (argo-rollouts 1.9, rollout/sync.go,
    createDesiredReplicaSet). ``revision`` stands for the hash of the pod template."""
    spec, metadata = rollout["spec"], rollout["metadata"]
    hashed = {HASH: revision}
    labels = spec["template"]["metadata"]["labels"] | hashed
    owner = {key: rollout[key] for key in ("apiVersion", "kind")} | {key: metadata[key] for key in ("name", "uid")}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{metadata['name']}-{revision}",
            "namespace": metadata["namespace"],
            "labels": labels,
            "ownerReferences": [owner | {"controller": True, "blockOwnerDeletion": True}],
        },
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": spec["selector"]["matchLabels"] | hashed},
            "template": {"metadata": {"labels": labels}, "spec": spec["template"]["spec"]},
        },
    }


def pod(found: list[dict[str, Any]]) -> dict[str, Any]:
    """A pod as Argo Rollouts makes it."""
    rollout = one(found, "Rollout")
    spec = rollout["spec"]["template"]
    metadata = {"name": f"{rollout['metadata']['name']}-0123456789-abcde", **spec["metadata"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec["spec"]}
