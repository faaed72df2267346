"""What every model of the deployment file and of the deployment holds to."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from config import words
from config.deployment import Deployment
from config.environment import defaults
from config.file import DeploymentFile
from config.pools import Labels
from config.reference import SAMPLE

MODELS: tuple[type[BaseModel], ...] = (DeploymentFile, Deployment)
# What Terraform, Jinja2, YAML, a shell or a reader's terminal would take for more than text.
HOSTILE = (
    "${aws_vpc.vpc.id}",
    "%{ if true }",
    "$${x}",
    "[[ given ]]",
    "[% raw %]",
    "{{ .Values }}",
    "a\nb",
    "a\r\nb: c",
    "a\n",
    "\u0000",
    "\u001b[2J",
    "\u202e",
    "\N{FULLWIDTH DIGIT ONE}",
    "ünïcode",
    "$(id)",
    "`id`",
    '"',
    "'",
    "\\",
    "x" * 5000,
)


def places() -> list[Any]:
    return [
        pytest.param(annotation, id=f"{model.__name__}.{path}")
        for model in MODELS
        for path, annotation in words.walk(model)
    ]


def texts() -> list[Any]:
    """Every place that takes a free text: no number, switch, choice, list or object."""
    return [place for place in places() if words.is_text(place.values[0]) and not words.choices(place.values[0])]


@pytest.mark.parametrize("annotation", texts())
def test_no_text_takes_what_would_be_an_expression_or_a_second_line(annotation: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    for hostile in HOSTILE:
        with pytest.raises(ValidationError):
            adapter.validate_python(hostile)


@pytest.mark.parametrize("annotation", texts())
def test_every_text_says_in_words_what_it_may_be(annotation: Any) -> None:
    assert not re.search(r"[\^$\\|]|regex|pattern", words.allowed(annotation))


@pytest.mark.parametrize("annotation", places())
def test_no_place_is_left_open(annotation: Any) -> None:
    """What words.allowed can't tell from the type and nobody said is "text"."""
    assert words.allowed(annotation) != "text"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_labels_take_no_expression_as_key_or_value(hostile: str) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(Labels)
    for labels in ({hostile: "x"}, {"x": hostile}):
        with pytest.raises(ValidationError):
            adapter.validate_python(labels)


@pytest.mark.parametrize("path", [path for path, _ in words.walk(DeploymentFile) if not path.endswith("[]")])
def test_every_key_is_described(path: str) -> None:
    model: Any = DeploymentFile
    for part in path.replace("[]", "").split("."):
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        field, model = fields[part], words.model_of(words.of_field(fields[part]))
        if model is None:
            listed = words.find(DeploymentFile, [*_steps(path[: path.find(part) + len(part)]), 0])
            model = words.model_of(listed) if listed is not None else None
    assert field.description and field.description.endswith(".")


def test_every_key_of_ours_has_a_default() -> None:
    required = {field.alias for field in DeploymentFile.model_fields.values() if field.is_required()}
    assert required == {*SAMPLE, "deployment:environment", "deployment:version"}


def test_a_template_decides_what_the_file_leaves_open() -> None:
    keys = {**SAMPLE, "deployment:environment": "production", "deployment:version": "v1"}
    decided = defaults("production/v1", DeploymentFile.model_validate(keys))
    assert decided["nat_gateways"] == "single"
    assert decided["repository"] == "sample-organization/aws-idp-infra"
    assert "vpc_cidr" not in decided


def test_python_names_are_no_keys() -> None:
    keys = {**SAMPLE, "deployment:environment": "production", "deployment:version": "v1", "nat_gateways": "none"}
    with pytest.raises(ValidationError, match="nat_gateways"):
        DeploymentFile.model_validate(keys)


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    for part in path.split("."):
        steps.append(part.removesuffix("[]"))
        if part.endswith("[]"):
            steps.append(0)
    return steps
