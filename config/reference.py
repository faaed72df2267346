"""The reference of the deployment file, docs/CONFIGURATION.md, generated from models, templates and rules.

python -m config.reference --write | --check
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config import words
from config.basic import BasicKeys
from config.environment import available, defaults
from config.file import DeploymentFile
from config.generated import ROOT, command
from config.reference_text import AFTER, BEFORE
from config.rules import DEPLOYMENT_RULES, FILE_RULES
from config.rules.between import RULES

PATH = ROOT / "docs" / "CONFIGURATION.md"
# Keys whose values defaults may repeat; the reference shows the key in place of the value.
SAMPLE: Mapping[str, Any] = {
    "platform:id": "sample-id",
    "platform:organization": "sample-organization",
    "platform:account": "210987654321",
    "platform:region": "sa-east-1",
    "platform:domain": "sample-domain.example",
    "deployment:id": "sample-deployment",
    "deployment:vpc:cidr": "10.99.0.0/16",
    "deployment:eks:administrators": [
        {"username": "sample", "role": "arn:aws:iam::210987654321:role/sample", "email": "sample@example.com"}
    ],
}


def text() -> str:
    """The whole document."""
    basic = list(BasicKeys.model_fields)
    chosen = {name: defaults(name, _sample(name)) for name in available()}
    added = [name for name in DeploymentFile.model_fields if name not in basic]
    parts = [
        BEFORE,
        "## Keys of the architecture document\n",
        _table(DeploymentFile, basic, chosen),
        "## Keys that this project adds\n",
        _table(DeploymentFile, added, chosen),
        "## Objects\n",
        *_objects(),
        "## What is checked across keys\n",
        "\n".join(f"- {_summary(rule)}" for rule in (*FILE_RULES, *DEPLOYMENT_RULES, *RULES)) + "\n",
        AFTER,
    ]
    return "\n".join(parts)


def _sample(template_set: str) -> DeploymentFile:
    environment, version = template_set.split("/")
    return DeploymentFile.model_validate(
        {**SAMPLE, "deployment:environment": environment, "deployment:version": version}
    )


def _table(model: type[BaseModel], names: list[str], chosen: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ["| key | allowed | default | meaning |", "|---|---|---|---|"]
    for name in names:
        field = model.model_fields[name]
        cells = (
            f"`{field.alias or name}`",
            words.allowed(words.of_field(field)),
            _default(name, field, chosen),
            field.description or "",
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _objects() -> Iterator[str]:
    """A section for each object that a key may hold, once, with all places that it stands in."""
    places: dict[type[BaseModel], list[str]] = {}
    for path, annotation in words.walk(DeploymentFile):
        model = words.model_of(annotation)
        if model is not None:
            places.setdefault(model, []).append(path)
    for model, paths in places.items():
        yield f"### {', '.join(f'`{path}`' for path in paths)}\n"
        yield _table(model, list(model.model_fields), {})


def _default(name: str, field: FieldInfo, chosen: Mapping[str, Mapping[str, Any]]) -> str:
    if field.is_required():
        return "required"
    if field.default is not None:
        default = field.default
        return _shown(default.model_dump(exclude_none=True) if isinstance(default, BaseModel) else default)
    found = {template_set: _shown(values[name]) for template_set, values in chosen.items() if name in values}
    if not found:
        return "none"
    if len(set(found.values())) == 1 and len(found) == len(chosen):
        return next(iter(found.values()))
    return "; ".join(f"{template_set}: {value}" for template_set, value in found.items())


def _shown(value: Any) -> str:
    """``value`` as JSON, with the keys that it comes from in place of the sample's values."""
    shown = json.dumps(value)
    for key, sample in SAMPLE.items():
        if isinstance(sample, str):
            shown = shown.replace(sample, f"<{key}>")
    return f"`{shown}`"


def _summary(rule: Any) -> str:
    """The first paragraph of a rule's docstring, in one line."""
    return " ".join((rule.__doc__ or "").strip().split("\n\n")[0].split())


if __name__ == "__main__":
    sys.exit(command(PATH, text()))
