"""The analyses of chart ``rollout-analysis``, as Helm renders them for a deployment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from config.versions import MINORS
from tests.kubernetes.releases import release
from tests.synth import Synth

STACK, CHART = "idp-platform-argo-rollouts", "rollout-analysis"
MINOR = next(iter(MINORS))
ARGUMENT = re.compile(r"\{\{args\.([a-z-]+)\}\}")
_MINUTES = re.compile(r"^(\d+)m$")
Templates = Mapping[str, Mapping[str, Any]]


def templates(synth: Synth) -> Templates:
    """Name → specification."""
    found = release(synth, STACK, CHART).manifests(MINOR)
    assert {each["kind"] for each in found} == {"ClusterAnalysisTemplate"}
    return {each["metadata"]["name"]: each["spec"] for each in found}


def metrics(found: Templates) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each metric with its template."""
    for spec in found.values():
        yield from ((metric, spec) for metric in spec["metrics"])


def filled(metric: Mapping[str, Any], arguments: Mapping[str, str]) -> Mapping[str, Any]:
    """The metric with ``arguments`` in their places, as Argo Rollouts puts them there."""
    found: Mapping[str, Any] = json.loads(ARGUMENT.sub(lambda at: arguments[at[1]], json.dumps(dict(metric))))
    return found


def minutes(text: str) -> int:
    """A duration in whole minutes."""
    found = _MINUTES.match(text)
    assert found, text
    return int(found[1])
