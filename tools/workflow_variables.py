"""Names in ``{{...}}`` and in expressions of workflow templates.

Source: Argo Workflows documentation, "Workflow Variables", and of its expressions expr-lang's "Language Definition".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

NAMES = r"[A-Za-z0-9_-]+"
# Those of the workflow itself that the templates use.
_GLOBAL = frozenset({("workflow", "name"), ("workflow", "namespace")})
_TAG = re.compile(r"\{\{(=?)(.*?)\}\}", re.DOTALL)
# In an expression a dash is a minus: names that have one stand in brackets. What a bracket follows is a function.
_CHAIN = re.compile(rf"[A-Za-z_]\w*(?:\.\w+|\['{NAMES}'\])+(?![\w(])")
_LITERAL = re.compile(r"\['[^']*'\]|'[^']*'|\"[^\"]*\"")
_EXPRESSIONS = ("expression", "fromExpression")


def names(text: str, key: Any) -> Iterator[str]:
    """Every name in ``text``, the value of ``key``. Of a tag that isn't closed the rest of the text is its name."""
    if key in _EXPRESSIONS:
        yield from _chains(text)
        return
    for expression, inner in _TAG.findall(text):
        yield from _chains(inner) if expression else [inner.strip()]
    rest = _TAG.sub("", text)
    if "{{" in rest:
        yield rest[rest.index("{{") :]


def _chains(expression: str) -> list[str]:
    plain = _LITERAL.sub(lambda found: found[0] if found[0].startswith("[") else "''", expression)
    return _CHAIN.findall(plain)


def path(name: str) -> tuple[str, ...]:
    """``tasks['a'].status`` as its parts."""
    return tuple(re.sub(r"\['([^']+)'\]", r".\1", name).split("."))


def of_workflow(name: str, parameters: Mapping[str, Any]) -> bool:
    """Whether a workflow that takes ``parameters`` has ``name``."""
    match path(name):
        case ("workflow", "parameters", parameter):
            return parameter in parameters
        case parts:
            return parts in _GLOBAL
