"""Contracts: the typed outputs a stack declares and others may read. Pure: imports no engine.

A contract is a frozen dataclass. The producer fills it with references to its resources; a consumer gets an instance of
the same class whose fields refer to the producer's remote state. A misspelt field fails mypy and synth alike.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self

from config.deployment import Deployment

_KEYS = "keys"


def keyed(keys: Callable[[Deployment], Iterable[str]]) -> Any:
    """A contract field that maps the names ``keys(deployment)`` to values: they are known before anything exists."""
    return dataclasses.field(metadata={_KEYS: keys})


def per_zone() -> Any:
    """A contract field with one value for each availability zone, by zone name."""
    return keyed(lambda deployment: deployment.vpc.zones)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Contract:
    """Base of all contracts. ``layer`` and ``stack`` name the producer."""

    layer: ClassVar[str]
    stack: ClassVar[str]

    @classmethod
    def referring_to(cls, remote_state: str, deployment: Deployment) -> Self:
        """The contract as a consumer sees it; ``remote_state`` is the data source's address."""
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            output = f"{remote_state}.outputs.{field.name}"
            if _KEYS in field.metadata:
                values[field.name] = {key: f'${{{output}["{key}"]}}' for key in field.metadata[_KEYS](deployment)}
            else:
                values[field.name] = f"${{{output}}}"
        return cls(**values)

    def outputs(self, deployment: Deployment) -> dict[str, str | Mapping[str, str]]:
        """Output name → value. Raises ValueError where a keyed field lacks a name that consumers rely on."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        for field in dataclasses.fields(self):
            if _KEYS in field.metadata and set(values[field.name]) != set(field.metadata[_KEYS](deployment)):
                raise ValueError(f"{type(self).__name__}.{field.name} must have the keys its declaration names")
        return values
