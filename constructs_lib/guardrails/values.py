"""Releases and their values files, read for the guardrails."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from config.plain_yaml import read
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.helm.blocks import known

# Where a stack's directory has the charts that are ours.
OWN_CHARTS = "./charts/"
Leaf = tuple[tuple[str, ...], Any]
_POLICIES = "networkPolicies"
_FILE = re.compile(r'^\$\{file\("\$\{path\.module\}/(values/[a-z0-9-]+\.yaml)"\)\}$')


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A release of a stack: ``values`` is its parsed values file, empty where it has none."""

    stack: str
    address: str
    arguments: Mapping[str, Any]
    values_file: str | None
    values: Mapping[str, Any]

    text: str

    @property
    def namespace(self) -> str:
        return str(self.arguments.get("namespace", "default"))

    @property
    def name(self) -> str:
        return str(self.arguments.get("name", ""))

    @property
    def chart(self) -> str:
        """The chart's name; that of our own charts without their directory."""
        return str(self.arguments.get("chart", "")).removeprefix(OWN_CHARTS)

    @property
    def is_own(self) -> bool:
        return str(self.arguments.get("chart", "")).startswith(OWN_CHARTS)

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """``leaves`` of the values, but for what network policies hold beside their names and namespaces."""
        return _leaves(self.text)

    def entries(self, *path: str) -> list[Mapping[str, Any]]:
        """The mappings of the list at ``path`` of the values that have a name."""
        return entries(self.values, *path)


def releases(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Iterator[Placed]:
    """Every release of every stack."""
    for stack, document in stacks.items():
        for name, arguments in document.get("resource", {}).get("helm_release", {}).items():
            path = _values_file(arguments)
            text = files.get(stack, {}).get(path or "", "")
            yield Placed(
                stack=stack,
                address=f"helm_release.{name}",
                arguments=arguments,
                values_file=path,
                values=parsed(text),
                text=text,
            )


def parsed(text: str) -> Mapping[str, Any]:
    """A values file as a mapping; empty where it is empty."""
    found = known(text)
    return _read(text) if found is None else found


@functools.lru_cache(maxsize=256)
def _read(text: str) -> Mapping[str, Any]:
    return read(text) or {}


@functools.lru_cache(maxsize=2048)
def _leaves(text: str) -> tuple[Leaf, ...]:
    values = parsed(text)
    policies = values.get(_POLICIES)
    if _listed(policies):
        values = {**values, _POLICIES: [_without_rules(policy) for policy in policies]}
    return tuple(leaves(values))


def _without_rules(policy: Any) -> Any:
    if not isinstance(policy, Mapping):
        return policy
    return {key: value for key, value in policy.items() if key in ("name", "namespace")}


def entries(values: Any, *path: str) -> list[Mapping[str, Any]]:
    """The mappings of the list at ``path`` of ``values`` that have a name."""
    for key in path:
        values = values.get(key) if isinstance(values, Mapping) else None
    if not _listed(values):
        return []
    return [each for each in values if isinstance(each, Mapping) and "name" in each]


def _listed(values: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(values, (list, tuple))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """(path of keys, scalar) of everything in ``value``; list items add no key."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, str(key)))
    elif _listed(value):
        for item in value:
            yield from leaves(item, path)
    else:
        yield path, value


def _values_file(arguments: Mapping[str, Any]) -> str | None:
    for entry in arguments.get("values", [])[:1]:
        found = _FILE.match(entry)
        if found:
            return found.group(1)
    return None
