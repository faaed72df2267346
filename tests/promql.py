"""Which metrics an expression of PromQL asks for. No parser: strings, label names and units are taken out first."""

from __future__ import annotations

import re

# Prometheus documentation, Query functions, Operators, and Querying basics: what ours use.
_WORDS = frozenset(
    ("and", "or", "unless", "on", "ignoring", "by", "without", "group_left", "group_right", "bool", "offset")
    + (
        "sum",
        "avg",
        "min",
        "max",
        "count",
        "topk",
        "increase",
        "rate",
        "avg_over_time",
        "max_over_time",
        "time",
        "absent",
    )
)
_STRING = re.compile(r'"(\\.|[^"\\])*"')
_LABELS = re.compile(r"\{[^}]*\}")
_NAMES = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_RANGE = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")


def metrics_in(expression: str) -> frozenset[str]:
    """Names in ``expression`` that are neither labels nor words of the language: a function not known here is one."""
    text = expression
    for pattern in (_STRING, _LABELS, _RANGE, _NAMES):
        text = pattern.sub(" ", text)
    return frozenset(_WORD.findall(text)) - _WORDS
