"""Manifests against the offline schemas of Kubernetes and of custom resources, by the real kubeconform."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.kubernetes.schemas import OURS, patch_version, schemas
from tools import build as tools

_BUILT_IN = "{{.NormalizedKubernetesVersion}}-standalone{{.StrictSuffix}}/{{.ResourceKind}}{{.KindSuffix}}.json"
# Built-in kinds that the offline schemas lack: fields as in the Kubernetes API reference.
_EXTENSIONS = Path(__file__).with_name("extensions")
_CUSTOM = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"


def problems(manifests: str, minor: str) -> list[str]:
    """What is wrong with a YAML stream: one line each, unknown fields and kinds without a schema included."""
    command = [
        str(tools.program("kubeconform")),
        "-strict",
        "-output=json",
        f"-kubernetes-version={patch_version(minor)}",
        f"-schema-location={schemas('kubernetes')}/{_BUILT_IN}",
        f"-schema-location={OURS}/{_CUSTOM}",
        f"-schema-location={schemas('crds')}/{_CUSTOM}",
        f"-schema-location={_EXTENSIONS}/{_CUSTOM}",
        "-",
    ]
    finished = subprocess.run(command, input=manifests, capture_output=True, text=True, check=False)
    if not finished.stdout:
        return [finished.stderr]
    found = json.loads(finished.stdout)["resources"] or []
    return [f"{each['kind']} {each['name']}: {each['msg']}" for each in found]
