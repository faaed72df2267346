"""Policies and resources through the real Kyverno command line: the engine of the controllers, without a cluster.

``apply`` says what each policy found on each resource, ``made`` what generating and mutating policies make of them.
Neither shows webhooks, schedules, rights of the controllers, and which resources a controller lists.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from tools import programs

Manifest = Mapping[str, Any]
Result = Literal["pass", "fail", "warn", "error", "skip"]
_REPORT = '{"kind":"ClusterReport"'
_SIGNS = ("Error:", "skipping invalid", "parsing error", "failed to")
# A finding, which it logs as an error.
_UNSIGNED = "failed to verify cosign signatures"


class Broken(Exception):
    """The command line could not take a policy or a resource; the message is what it said."""


@dataclass(frozen=True, kw_only=True, order=True)
class Verdict:
    """What a policy found on a resource. ``pass`` of a DeletingPolicy means that the resource would be deleted.

    A resource that a policy's match constraints leave out has no verdict.
    """

    policy: str
    kind: str
    namespace: str
    name: str
    result: Result
    message: str


def program() -> Path:
    """The command line. Skips the test where it is neither on PATH nor built."""
    found = programs.find("kyverno")
    if found is None:
        pytest.skip("no kyverno of the pinned minor on PATH, and none built: run `make tools`")
    return found


def apply(
    policies: Sequence[Manifest],
    resources: Sequence[Manifest],
    *,
    namespaces: Mapping[str, Mapping[str, str]] | None = None,
    known: Sequence[Manifest] = (),
    definitions: Sequence[Manifest] = (),
    operation: Literal["CREATE", "UPDATE"] = "CREATE",
) -> list[Verdict]:
    """The verdicts, sorted. ``namespaces`` are the labels of the namespaces that ``resources`` are in; ``known`` are
    objects of the cluster that expressions look up, ``definitions`` those of custom resources. An update changes
    nothing: the resource was so before. Raises Broken."""
    return sorted(_run(policies, resources, namespaces or {}, known, definitions, operation)[0])


def deleted(policy: Manifest, resources: Sequence[Manifest], **options: Any) -> set[str]:
    """Names of those of ``resources`` that a DeletingPolicy would delete; options as of ``apply``.

    Raises Broken also where the policy can't be evaluated on a resource.
    """
    verdicts = apply([policy], resources, **options)
    if errors := [each for each in verdicts if each.result not in ("pass", "fail")]:
        raise Broken(errors)
    return {each.name for each in verdicts if each.result == "pass"}


def made(
    policies: Sequence[Manifest],
    resources: Sequence[Manifest],
    *,
    namespaces: Mapping[str, Mapping[str, str]] | None = None,
) -> list[dict[str, Any]]:
    """What generating policies generate, and what mutating policies leave of ``resources``. Raises Broken."""
    return _run(policies, resources, namespaces or {}, (), ())[1]


def _run(
    policies: Sequence[Manifest],
    resources: Sequence[Manifest],
    namespaces: Mapping[str, Mapping[str, str]],
    known: Sequence[Manifest],
    definitions: Sequence[Manifest],
    operation: str = "CREATE",
) -> tuple[list[Verdict], list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        paths = {name: place / f"{name}.yaml" for name in ("policies", "resources", "values", "context", "made")}
        # The command line reads exceptions from files of their own.
        exceptions = [each for each in policies if each["kind"] == "PolicyException"]
        paths["policies"].write_text(
            yaml.safe_dump_all(each for each in policies if each not in exceptions), encoding="utf-8"
        )
        paths["resources"].write_text(yaml.safe_dump_all(resources), encoding="utf-8")
        paths["values"].write_text(yaml.safe_dump(_values(namespaces, operation)), encoding="utf-8")
        paths["context"].write_text(yaml.safe_dump(_context(known)), encoding="utf-8")
        command = [program(), "apply", paths["policies"], "--resource", paths["resources"]]
        command += ["--values-file", paths["values"], "--context-file", paths["context"], "--output", paths["made"]]
        if exceptions:
            path = place / "exceptions.yaml"
            path.write_text(yaml.safe_dump_all(exceptions), encoding="utf-8")
            command += ["--exception", path]
        if definitions:
            path = place / "definitions.yaml"
            path.write_text(yaml.safe_dump_all(definitions), encoding="utf-8")
            command += ["--crd-paths", path]
        # Level 3 is where it says that it leaves a policy out.
        command += ["--policy-report", "--output-format", "json", "--remove-color", "--v=3"]
        # Never a cluster of whoever runs this.
        environment = {**os.environ, "KUBECONFIG": str(place / "none"), "HOME": scratch}
        finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        written = paths["made"].read_text(encoding="utf-8") if paths["made"].exists() else ""
    # It exits with 1 both where a resource fails and where it can't go on; where nothing matches it prints no report.
    _, found, report = finished.stdout.rpartition(_REPORT)
    said = finished.stderr.replace(_UNSIGNED, "")
    if any(sign in said for sign in _SIGNS) or (finished.returncode and not found):
        raise Broken(finished.stdout + finished.stderr)
    manifests = [each for each in yaml.safe_load_all(written) if each]
    return _verdicts(json.loads(found + report) if found else {}), manifests


def _verdicts(report: Mapping[str, Any]) -> list[Verdict]:
    return [
        Verdict(
            policy=found["policy"],
            kind=resource["kind"],
            namespace=resource.get("namespace", ""),
            name=resource["name"],
            result=found["result"],
            message=found.get("message", ""),
        )
        for found in report.get("results") or []
        for resource in found["resources"]
    ]


def _values(namespaces: Mapping[str, Mapping[str, str]], operation: str) -> dict[str, Any]:
    metadata = [{"name": name, "labels": dict(labels)} for name, labels in namespaces.items()]
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Value",
        "metadata": {"name": "values"},
        "globalValues": {"request.operation": operation},
        "namespaces": [{"apiVersion": "v1", "kind": "Namespace", "metadata": each} for each in metadata],
    }


def _context(known: Sequence[Manifest]) -> dict[str, Any]:
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Context",
        "metadata": {"name": "context"},
        "spec": {"resources": [dict(each) for each in known]},
    }
