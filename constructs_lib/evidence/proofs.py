"""What proves a requirement: guardrails by what their titles end with, tests by their marks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from constructs_lib.guardrails.pci import TAG, VALUE
from constructs_lib.guardrails.rule import default_tags
from constructs_lib.guardrails.rules import FILE_RULES, RULES

# Guardrails that ask only deployments in scope of the standard.
IN_SCOPE = "PCI-"
MARK = "proves"
# "(1.3.1, 1.3.2)" at the end of a title.
_NUMBERS = re.compile(r"\((\d+(?:\.\d+)+(?:, \d+(?:\.\d+)+)*)\)\.?$")


def requirements_of(title: str) -> tuple[str, ...]:
    """The requirements that a guardrail's title ends with."""
    found = _NUMBERS.search(title)
    return tuple(found[1].split(", ")) if found else ()


def guardrails(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Requirement → ids of the guardrails that prove it for the deployment of a stack's JSON."""
    found: dict[str, list[str]] = {}
    rules = [(rule.id, rule.title) for rule in RULES] + [(rule.id, rule.title) for rule in FILE_RULES]
    for id, title in rules:
        if in_scope(document) or not id.startswith(IN_SCOPE):
            for requirement in requirements_of(title):
                found.setdefault(requirement, []).append(id)
    return found


def in_scope(document: Mapping[str, Any]) -> bool:
    """Whether the deployment of a stack's JSON says by its default tags that it is in scope of the standard."""
    return default_tags(document).get(TAG) == VALUE


def marked(root: Path) -> dict[str, list[str]]:
    """Requirement → sorted ids of the tests below ``root``/tests that carry ``@pytest.mark.proves(requirement, …)``.

    Ids are pytest's, without parameters. Files are read, not run.
    """
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if f".{MARK}(" in text:
            for name, requirements in _marks(ast.parse(text)):
                for requirement in requirements:
                    found.setdefault(requirement, []).append(f"{path.relative_to(root).as_posix()}::{name}")
    return {requirement: sorted(ids) for requirement, ids in found.items()}


def _marks(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == MARK:
                    yield node.name, [str(ast.literal_eval(argument)) for argument in mark.args]
