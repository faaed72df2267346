"""Terraform's expressions in the JSON of a stack, and which of them refer to nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.leaves import texts

_START = re.compile(r"[$%]+\{")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_TRAVERSAL = re.compile(r"(?<![\w.-])([A-Za-z_][\w-]*(?:\.[A-Za-z_*][\w-]*)*)\s*(\()?")
# What our code calls, and the words of the language.
FUNCTIONS = frozenset({"base64decode", "base64encode", "file", "filemd5", "jsonencode", "tolist", "yamlencode"})
WORDS = frozenset({"true", "false", "null", "for", "in"})
_BOUND = re.compile(r"\bfor (\w+) in\b")


def expressions(value: Any) -> Iterator[str]:
    """Every ``${...}`` and ``%{...}`` of all keys and values, nested ones as part of the outermost."""
    for text in texts(value):
        yield from _of_text(text)


def foreign(document: Mapping[str, Any]) -> Iterator[str]:
    """The expressions of a stack's JSON that aren't made of its own resources, its path and known functions."""
    for expression in set(expressions(document)):
        if (
            expression[0] == "%"
            or expression[-1] != "}"
            or any(_unknown(part, document) for part in _parts(expression))
        ):
            yield expression


def _of_text(text: str) -> Iterator[str]:
    at = 0
    while (start := _START.search(text, at)) is not None:
        # Doubled, the sign stands for itself (Terraform documentation, "Strings and Templates").
        if len(start.group()) % 2 == 1:
            at = start.end()
            continue
        at = _end(text, start.end())
        yield text[start.end() - 2 : at]


def _end(text: str, at: int) -> int:
    """Behind the brace that closes the expression whose content starts at ``at``; the end where none does."""
    open_braces = 1
    while at < len(text) and open_braces:
        if text[at] == '"':
            at = _end_of_text(text, at + 1)
            continue
        open_braces += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at


def _end_of_text(text: str, at: int) -> int:
    while at < len(text) and text[at] != '"':
        if text.startswith(("${", "%{"), at):
            at = _end(text, at + 2)
        else:
            at += 2 if text[at] == "\\" else 1
    return at + 1


def _parts(expression: str) -> Iterator[str]:
    """The expression without its texts, and those within them."""
    inner = expression[2:-1]
    for nested in _of_text(inner):
        yield from _parts(nested)
        inner = inner.replace(nested, "")
    yield _TEXT.sub('""', inner)


def _unknown(part: str, document: Mapping[str, Any]) -> bool:
    bound = set(_BOUND.findall(part))
    return any(
        name not in FUNCTIONS
        if called
        else not (name in WORDS or name.split(".")[0] in bound or _is_known(name.split("."), document))
        for name, called in _TRAVERSAL.findall(part)
    )


def _is_known(steps: list[str], document: Mapping[str, Any]) -> bool:
    if steps[:2] == ["path", "module"]:
        return True
    if steps[0] == "local":
        return len(steps) > 1 and steps[1] in document.get("locals", {})
    section, steps = ("data", steps[1:]) if steps[0] == "data" else ("resource", steps)
    return len(steps) > 1 and steps[1] in document.get(section, {}).get(steps[0], {})
