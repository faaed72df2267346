"""What the page of deliveries reads without Helm is what Helm makes of the same charts and values."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
import yaml

from config.generated import ROOT
from tools import build as tools
from tools.delivery.files import example, read, releases

pytestmark = pytest.mark.charts

CHARTS = {chart: (namespace, values) for chart, namespace, values in releases(example())}


def helm(chart: str) -> list[dict[str, Any]]:
    namespace, values = CHARTS[chart]
    command = [str(tools.program("helm")), "template", chart, str(ROOT / "charts" / chart), "--namespace", namespace]
    given = yaml.safe_dump(yaml.safe_load(yaml.safe_dump(_plain(values))))
    finished = subprocess.run([*command, "--values", "-"], input=given, capture_output=True, text=True, check=True)
    return [each for each in yaml.safe_load_all(finished.stdout) if each]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _told(manifest: dict[str, Any]) -> dict[str, Any]:
    """Without the chart's version, which a stack decides."""
    labels = {key: value for key, value in manifest["metadata"]["labels"].items() if key != "helm.sh/chart"}
    return {**manifest, "metadata": {**manifest["metadata"], "labels": labels}}


def _key(manifest: dict[str, Any]) -> tuple[str, str, str]:
    metadata = manifest["metadata"]
    return str(manifest["kind"]), str(metadata.get("namespace")), str(metadata["name"])


@pytest.mark.parametrize("chart", CHARTS)
def test_manifests_are_those_of_helm(chart: str) -> None:
    ours = [_told(dict(each.node)) for each in read(ROOT).manifests if each.path.startswith(f"charts/{chart}/")]
    theirs = [_told(each) for each in helm(chart)]
    assert ours
    assert sorted(ours, key=_key) == sorted(theirs, key=_key)
