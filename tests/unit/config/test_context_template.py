"""The template of the context: what the platform's first description asks for, loaded as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.loader import load

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "cdktf.context.template.json"
# The keys of the first description's own context, and what its objects hold.
FIRST = {
    "platform:id": (),
    "platform:organization": (),
    "platform:account": (),
    "platform:region": (),
    "platform:domain": (),
    "deployment:id": (),
    "deployment:environment": (),
    "deployment:version": (),
    "deployment:vpc:cidr": (),
    "deployment:vpc:maxAzs": (),
    "deployment:eks:version": (),
    "deployment:eks:administrators": ("username", "role", "email"),
    "deployment:aurora:minCapacity": (),
    "deployment:aurora:maxCapacity": (),
    "deployment:components": (
        "backstage",
        "argo-workflows",
        "argocd",
        "kyverno",
        "external-secrets",
        "grafana-agent",
    ),
    "deployment:teams": ("name", "quotas", "members"),
    "deployment:observability:grafanaCloud": ("metricsEndpoint", "logsEndpoint"),
}
# Who may reach the cluster's public endpoint: nobody can say it but the user.
ADDED = {"deployment:eks:publicAccessCidrs"}


@pytest.fixture
def template() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    return found


def as_context(context: dict[str, Any], directory: Path) -> Path:
    shipped = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))
    path = directory / "cdktf.json"
    path.write_text(json.dumps(shipped | {"context": context}), encoding="utf-8")
    return path


def test_it_loads_as_the_context_of_a_cdktf_json(template: dict[str, Any], tmp_path: Path) -> None:
    (deployment,) = load(as_context(template, tmp_path))
    assert deployment.id == template["deployment:id"]
    assert deployment.platform.account == template["platform:account"]
    assert [team.name for team in deployment.teams] == ["platform"]


def test_its_keys_are_those_of_the_first_description_and_one_more(template: dict[str, Any]) -> None:
    assert template.keys() == FIRST.keys() | ADDED
    for key, names in FIRST.items():
        value = template[key]
        held = value[0] if isinstance(value, list) else value
        assert tuple(held if isinstance(held, dict) else ()) == names, key


@pytest.mark.parametrize("key", sorted(FIRST.keys() | ADDED))
def test_a_key_that_nobody_knows_would_be_refused(key: str, template: dict[str, Any], tmp_path: Path) -> None:
    changed = {f"{name}x" if name == key else name: value for name, value in template.items()}
    with pytest.raises(ConfigError) as refused:
        load(as_context(changed, tmp_path))
    assert f"{key}x" in {problem.key for problem in refused.value.problems}


def test_its_values_are_nobody_s(template: dict[str, Any]) -> None:
    text = json.dumps(template)
    assert set(re.findall(r"\b\d{12}\b", text)) == {"111122223333"}
    assert set(re.findall(r"[\w.-]+\.(?:com|io|net|sh)\b", text)) == {
        "example.com",
        "backstage.example.com",
        "workflows.example.com",
        "argocd.example.com",
        "prometheus-xxx.grafana.net",
        "logs-xxx.grafana.net",
    }
