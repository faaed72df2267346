"""The generated files: JSON Schema and reference."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from config import generated, reference, schema
from config.file import DeploymentFile
from config.rules import DEPLOYMENT_RULES, FILE_RULES
from config.rules.between import RULES


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    document = json.loads(schema.PATH.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


@pytest.mark.parametrize("module", [schema, reference], ids=lambda module: module.__name__)
def test_the_committed_file_is_current(module: Any) -> None:
    assert module.PATH.read_text(encoding="utf-8") == module.text()


def test_the_schema_admits_the_shipped_cdktf_json(validator: jsonschema.Draft202012Validator) -> None:
    document = json.loads((generated.ROOT / "cdktf.json").read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(document)] == []


def test_the_schema_admits_a_deployment_file(
    validator: jsonschema.Draft202012Validator, shipped_context: dict[str, Any]
) -> None:
    keys = {k: v for k, v in shipped_context.items() if k != "deployments"} | {"$schema": "x.json"}
    assert [error.message for error in validator.iter_errors(keys)] == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"deployment:vpc:natGateway": "none"}, []),
        ({"deployment:vpc:natGateways": "per-az"}, ["deployment:vpc:natGateways"]),
        ({"platform:account": 111122223333}, ["platform:account"]),
        ({"platform:owner": "${x}"}, ["platform:owner"]),
        ({"deployment:vpc:maxAzs": 4}, ["deployment:vpc:maxAzs"]),
        ({"deployment:teams": [{"name": "A"}]}, ["deployment:teams", 0]),
        ({"deployment:components": {"kyverno": {"enabled": "yes"}}}, ["deployment:components", "kyverno"]),
        ({"deployment:eks:administrators": []}, ["deployment:eks:administrators"]),
    ],
)
@pytest.mark.parametrize("in_context", [True, False])
def test_the_schema_refuses_what_loading_refuses(
    change: dict[str, Any],
    path: list[Any],
    in_context: bool,
    validator: jsonschema.Draft202012Validator,
    shipped_context: dict[str, Any],
) -> None:
    keys = {k: v for k, v in copy.deepcopy(shipped_context).items() if k != "deployments"} | change
    errors = list(validator.iter_errors({"context": keys} if in_context else keys))
    expected = ["context", *path] if in_context else path
    assert errors and all(list(error.absolute_path)[: len(expected)] == expected for error in errors)


def test_the_reference_has_every_key_and_every_rule() -> None:
    text = reference.text()
    for name, field in DeploymentFile.model_fields.items():
        assert f"| `{field.alias or name}` |" in text
    for rule in (*FILE_RULES, *DEPLOYMENT_RULES, *RULES):
        assert rule.__doc__, f"{rule.__name__} says nothing"
    rules = text.partition("## What is checked across keys")[2].partition("\n\nA VPC range")[0]
    assert not [line for line in rules.splitlines() if line.startswith("- ") and not line.endswith(".")]


def test_the_reference_shows_defaults_by_the_key_that_they_repeat() -> None:
    assert '`"<platform:organization>/aws-idp-infra"`' in reference.text()
    assert "sample" not in reference.text().replace("`Sample`", "")


def test_check_tells_a_stale_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    path = tmp_path / "file.md"
    assert generated.command(path, "new\n", ["--check"]) == 1
    assert not path.exists()
    assert generated.command(path, "new\n", ["--write"]) == 0
    assert generated.command(path, "new\n", ["--check"]) == 0
