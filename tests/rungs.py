"""Which test files a run's ``-m`` can't select from: to import every file takes longer than some rungs last."""

from __future__ import annotations

import functools
import itertools
import re
from pathlib import Path

from _pytest.mark.expression import Expression

RUNGS = ("integration", "charts", "kyverno", "cluster", "database", "browser", "soak")
_MARK = re.compile(rf"mark\.({'|'.join(RUNGS)})\b")
_OF_ALL = re.compile(r"^pytestmark = (\[.*?\]|.*?)$(?<!\[)", re.MULTILINE | re.DOTALL)


def may_select(expression: str, text: str) -> bool:
    """Whether ``-m expression`` may select a test of a file with this ``text``.

    A test has the rungs of the file's ``pytestmark``, and any of the others that the file names. Expressions that name
    other marks are left to pytest.
    """
    if not expression or set(re.findall(r"[a-z_]+", expression)) - {"and", "or", "not", *RUNGS}:
        return True
    named = frozenset(_MARK.findall(text))
    of_all = frozenset(name for part in _OF_ALL.findall(text) for name in _MARK.findall(part))
    return _selects(expression, of_all, named - of_all)


@functools.cache
def _selects(expression: str, of_all: frozenset[str], others: frozenset[str]) -> bool:
    compiled = Expression.compile(expression)
    chosen = itertools.chain.from_iterable(itertools.combinations(others, size) for size in range(len(others) + 1))
    return any(compiled.evaluate(of_all.union(some).__contains__) for some in chosen)


def is_left_out(path: Path, expression: str) -> bool:
    """Whether pytest needn't read the test file at ``path`` for ``-m expression``."""
    return path.match("test_*.py") and not may_select(expression, path.read_text(encoding="utf-8"))
