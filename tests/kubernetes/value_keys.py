"""Which keys the values of a release set, and which the chart has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema

from tests.kubernetes.schemas import schemas


def key_paths(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted paths of all keys that lead to a value that isn't a non-empty map, list items not entered."""
    for key, value in values.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from key_paths(value, f"{path}.")
        else:
            yield path


def unknown_keys(values: Mapping[str, Any], listed: frozenset[str]) -> list[str]:
    """Keys set that aren't ``listed``. A listed key with none below it is a map or list that users fill freely."""
    parents = {path.rpartition(".")[0] for path in listed}
    parents |= {ancestor for path in parents for ancestor in _ancestors(path)}
    return [path for path in key_paths(values) if not _admitted(path, listed, parents)]


def chart_keys(chart: str) -> frozenset[str]:
    """The key paths of a third-party chart's default values. Raises FileNotFoundError for an unknown chart."""
    text = (schemas("charts") / f"{chart}.keys.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def schema_problems(chart: str, values: Mapping[str, Any]) -> list[str]:
    """What a chart's own values schema says against ``values``; nothing for a chart that ships none.

    Helm checks values after it merged them into the chart's defaults: what these hold isn't missing.
    """
    path = schemas("charts") / f"{chart}.schema.json"
    if not path.exists():
        return []
    schema = json.loads(path.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator)(schema)
    defaults = chart_keys(chart)
    return [
        f"{error.json_path}: {error.message}"
        for error in validator.iter_errors(values)
        if error.validator != "required" or _missing(error) - defaults
    ]


def _missing(error: jsonschema.ValidationError) -> set[str]:
    """Dotted paths of the properties that ``error`` asks for."""
    where = ".".join(str(part) for part in error.absolute_path)
    return {f"{where}.{name}" if where else name for name in error.validator_value if name not in error.instance}


def _admitted(path: str, listed: frozenset[str], parents: set[str]) -> bool:
    return path in listed or any(a in listed and a not in parents for a in _ancestors(path))


def _ancestors(path: str) -> Iterator[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        yield path
