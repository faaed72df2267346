"""Targets of a Makefile that name repositories: add one to each. Pure; everything else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Sequence

from idp.okcli.errors import UnexpectedError

_FOR = re.compile(r"\bfor[ \t]+\w+[ \t]+in[ \t]+(?P<words>[^;]+?)(?P<rest>[ \t\\\n]*;)")


def with_repository(text: str, target: str, name: str, known: Sequence[str]) -> str:
    """``text`` in which the recipe of ``target`` names ``name`` beside the repositories that are ``known``.

    Understood are a ``for … in a b c; do`` of names, and lines of which each names one. Raises UnexpectedError for
    others.
    """
    start, end = _recipe(text, target)
    recipe = text[start:end]
    if _word(name).search(recipe):
        return text
    changed = _in_loop(recipe, name, known) or _in_lines(recipe, name, known)
    if not changed:
        raise UnexpectedError(
            f"target {target}: its recipe is expected to name repositories of REPO_NAMES, in a `for` or on lines alike"
        )
    return text[:start] + changed + text[end:]


def _recipe(text: str, target: str) -> tuple[int, int]:
    found = list(
        re.finditer(rf"^{re.escape(target)}[ \t]*:(?![=:])[^\n]*\n(?P<recipe>(?:\t[^\n]*(?:\n|\Z))+)", text, re.M)
    )
    if len(found) != 1:
        raise UnexpectedError(f"target {target} is expected once, with a recipe; found {len(found)}")
    return found[0].span("recipe")


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")


def _named(line: str, known: Sequence[str]) -> list[str]:
    return [name for name in known if _word(name).search(line)]


def _in_loop(recipe: str, name: str, known: Sequence[str]) -> str:
    """The recipe with ``name`` behind the last word of its loop over names; empty where there is no such loop."""
    loops = [loop for loop in _FOR.finditer(recipe) if _named(loop["words"], known)]
    if len(loops) != 1:
        return ""
    words = loops[0]["words"]
    if not re.fullmatch(r"(?:[\w.-]+|[ \t]|\\\n)+", words):
        return ""
    at = loops[0].end("words")
    return f"{recipe[:at]} {name}{recipe[at:]}"


def _in_lines(recipe: str, name: str, known: Sequence[str]) -> str:
    """The recipe with the last of its lines that name a repository once more, for ``name``; empty where they differ in
    more than the names, or aren't commands of their own."""
    lines = recipe.splitlines(keepends=True)
    naming = {at: _named(line, known) for at, line in enumerate(lines) if _named(line, known)}
    if not naming or any(len(names) != 1 for names in naming.values()):
        return ""
    shapes = {_word(names[0]).sub("\0", lines[at]).rstrip("\n") for at, names in naming.items()}
    last = max(naming)
    if len(shapes) != 1 or any(lines[at].rstrip("\n").endswith("\\") for at in range(len(lines))):
        return ""
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    (shape,) = shapes
    return "".join([*lines[: last + 1], shape.replace("\0", name) + "\n", *lines[last + 1 :]])
