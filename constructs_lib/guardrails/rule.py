"""What a guardrail is, and how all of them run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
# Path below a stack's directory → text.
Files = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, order=True)
class Violation:
    """A rule broken by one address of one stack."""

    rule: str
    stack: str
    address: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.stack}: {self.address}: {self.message}"


class GuardrailError(Exception):
    """The synthesized JSON breaks rules; nothing was written."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(sorted(violations))
        super().__init__("\n".join(str(violation) for violation in self.violations))


Check = Callable[[Mapping[str, Document]], Iterator[tuple[str, str, str]]]
FileCheck = Callable[[Mapping[str, Document], Mapping[str, Files]], Iterator[tuple[str, str, str]]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``check`` takes stack name → JSON and yields (stack, address, message) for what breaks the rule."""

    id: str
    title: str
    check: Check


@dataclass(frozen=True, kw_only=True)
class FileRule:
    """As Rule, but ``check`` also takes stack name → the files beside its JSON: values and charts of releases."""

    id: str
    title: str
    check: FileCheck


def check_stacks(stacks: Mapping[str, Document], files: Mapping[str, Files] | None = None) -> None:
    """Run every rule over all stacks; without ``files`` those only that read the JSON.

    Raises GuardrailError with all violations at once.
    """
    from constructs_lib.guardrails.rules import FILE_RULES, RULES

    found = [(rule.id, found) for rule in RULES for found in rule.check(stacks)]
    if files is not None:
        found += [(rule.id, found) for rule in FILE_RULES for found in rule.check(stacks, files)]
    violations = [
        Violation(rule=rule, stack=stack, address=address, message=message) for rule, (stack, address, message) in found
    ]
    if violations:
        raise GuardrailError(violations)


def default_tags(document: Document) -> Mapping[str, Any]:
    """The default tags of a stack's AWS provider; empty where it has none."""
    for configuration in document.get("provider", {}).get("aws", []):
        for tags in configuration.get("default_tags", []):
            found: Mapping[str, Any] = tags.get("tags", {})
            return found
    return {}


def resources(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(type, name, arguments) of every managed resource of a stack."""
    for kind, named in document.get("resource", {}).items():
        for name, arguments in named.items():
            yield kind, name, arguments
