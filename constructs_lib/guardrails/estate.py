"""All stacks of one deployment together, and what a reference in one of them leads to. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from constructs_lib.guardrails.makers import made_by
from constructs_lib.guardrails.objects import Made
from constructs_lib.guardrails.rule import Document, Files, default_tags
from constructs_lib.guardrails.values import Placed, releases

_REMOTE = re.compile(r'^\$\{data\.terraform_remote_state\.([a-z0-9_]+)\.outputs\.([a-z0-9_]+)(?:\["([^"]+)"\])?\}$')
_LOCAL = re.compile(r"^\$\{(?:data\.)?([a-z0-9_]+)\.([a-z0-9_]+)\.([a-z0-9_]+)\}$")

# Kind → the argument that its ``id`` is (provider documentation, "Attribute Reference").
_IDS = {"aws_ecr_repository": "name", "aws_iam_role": "name", "aws_s3_bucket": "bucket"}


class Address(NamedTuple):
    """A resource or data source of a stack."""

    stack: str
    kind: str
    name: str


def deployment_of(document: Document) -> str:
    """The deployment that a stack belongs to, by its default tags."""
    return str(default_tags(document).get("deployment", ""))


@dataclass(frozen=True, kw_only=True)
class Estate:
    """The stacks of deployment ``name``, and their releases."""

    name: str
    stacks: Mapping[str, Document]
    releases: tuple[Placed, ...]

    @functools.cached_property
    def made(self) -> Mapping[Made, list[Placed]]:
        """What the releases make in the cluster, with who makes it."""
        found: dict[Made, list[Placed]] = {}
        for placed in self.releases:
            for each in made_by(placed):
                found.setdefault(each, []).append(placed)
        return found

    @functools.cached_property
    def _by_kind(self) -> Mapping[str, list[tuple[Address, Mapping[str, Any]]]]:
        found: dict[str, list[tuple[Address, Mapping[str, Any]]]] = {}
        for stack, document in self.stacks.items():
            for kind, named in document.get("resource", {}).items():
                for name, arguments in named.items():
                    found.setdefault(kind, []).append((Address(stack, kind, name), arguments))
        return found

    def resources(self, kind: str) -> Sequence[tuple[Address, Mapping[str, Any]]]:
        """Every resource of ``kind``."""
        return self._by_kind.get(kind, [])

    def arguments(self, address: Address) -> Mapping[str, Any]:
        """The arguments at ``address``; empty where nothing is."""
        document = self.stacks.get(address.stack, {})
        for place in ("resource", "data"):
            found: Mapping[str, Any] | None = document.get(place, {}).get(address.kind, {}).get(address.name)
            if found is not None:
                return found
        return {}

    def resolve(self, stack: str, value: Any) -> Address | None:
        """What the reference ``value`` in ``stack`` names, through outputs of other stacks too; None for other text."""
        found = self._followed(stack, str(value))
        return found[0] if found else None

    def literal(self, stack: str, value: Any) -> str:
        """``value`` as plain text: of a reference what it leads to, as far as a stack says it; else the reference."""
        found = self._followed(stack, str(value))
        if found is None:
            return str(value)
        address, attribute = found
        arguments = self.arguments(address)
        text = arguments.get(_IDS.get(address.kind, attribute) if attribute == "id" else attribute)
        return str(value) if text is None else self.literal(address.stack, text)

    def _followed(self, stack: str, value: str) -> tuple[Address, str] | None:
        """The resource or data source, and its attribute."""
        if not value.startswith("${"):
            return None
        remote = _REMOTE.match(value)
        if remote is None:
            local = _LOCAL.match(value)
            return (Address(stack, local[1], local[2]), local[3]) if local else None
        states = self.stacks.get(stack, {}).get("data", {}).get("terraform_remote_state", {})
        producer = states.get(remote[1], {}).get("config", {}).get("key", "")
        output = self.stacks.get(producer, {}).get("output", {}).get(remote[2], {}).get("value")
        if remote[3] is not None:
            output = output.get(remote[3]) if isinstance(output, Mapping) else None
        return None if output is None else self._followed(producer, str(output))


def estates(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Iterator[Estate]:
    """The deployments among ``stacks``, by name."""
    grouped: dict[str, dict[str, Document]] = {}
    for stack, document in stacks.items():
        grouped.setdefault(deployment_of(document), {})[stack] = document
    for name, own in sorted(grouped.items()):
        yield Estate(name=name, stacks=own, releases=tuple(releases(own, files)))
