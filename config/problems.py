"""Turn pydantic's validation errors into Problems in the user's own words."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from config import words
from config.errors import Problem, printable, shown
from config.file import DeploymentFile

DOCUMENT = "docs/CONFIGURATION.md"
# What nobody would read on is counted only: finding the likely key of each takes a millisecond.
MAX_PROBLEMS = 500
_LONGEST_KEY = 200


def problems_of(error: ValidationError, *, source: str, model: type[BaseModel] = DeploymentFile) -> list[Problem]:
    """One Problem per error, with the key path as written, the value given and the likely key where it is a typo.

    ``model`` is the model that was validated.
    """
    items = error.errors(include_url=False)
    found = [_problem(item["type"], item["loc"], item, source, model) for item in items[:MAX_PROBLEMS]]
    if left := len(items) - len(found):
        message = f"has {left} more problems"
        found.append(Problem(file=source, key="(file)", message=message, remedy="correct those named here first"))
    return found


def key_path(location: Sequence[str | int]) -> str:
    """``("deployment:teams", 1, "name")`` as ``deployment:teams[1].name``."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{printable(part)}" if path else printable(part)
    return path or "(file)"


def nearest(given: str, known: Sequence[str]) -> str | None:
    """The one of ``known`` that ``given`` is likely a misspelling of."""
    near = difflib.get_close_matches(given, known, n=1) if len(given) <= _LONGEST_KEY else None
    return near[0] if near else None


def _problem(kind: str, location: tuple[str | int, ...], item: Any, source: str, model: type[BaseModel]) -> Problem:
    # How pydantic marks that it is the name of an entry that is wrong, and not its value.
    if location[-1:] == ("[key]",):
        return _unknown_entry(location[:-1], source, model)
    key = key_path(location)
    if kind == "extra_forbidden":
        remedy = _unknown_remedy(model, location)
        return Problem(file=source, key=key, value=shown(item["input"]), message="unknown key", remedy=remedy)
    annotation = words.find(model, location)
    must = f"must be {words.allowed(annotation)}" if annotation is not None else "is not allowed here"
    if kind == "missing":
        return Problem(file=source, key=key, message=f"is required and {must}", remedy=f"add it; see {DOCUMENT}")
    if kind == "value_error":
        must += f" ({printable(str(item['ctx']['error']))})"
    remedy = _value_remedy(annotation, item["input"])
    return Problem(file=source, key=key, value=shown(item["input"]), message=must, remedy=remedy)


def _unknown_entry(location: tuple[str | int, ...], source: str, model: type[BaseModel]) -> Problem:
    """For an entry of an object whose names are a closed list, or of a pattern."""
    known = words.entries(words.find(model, location[:-1]))
    near = nearest(str(location[-1]), known)
    remedy = f"did you mean {near}?" if near else f"remove it; see {DOCUMENT}"
    said = f"unknown key; there are {', '.join(known)}" if known else "is no name that is allowed here"
    return Problem(file=source, key=key_path(location), message=said, remedy=remedy)


def _unknown_remedy(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    owner = words.model_of(words.find(model, location[:-1]))
    known = words.keys(owner) if owner is not None else ()
    near = nearest(str(location[-1]), known)
    if near:
        return f"did you mean {near}?"
    return f"remove it; the keys here are {', '.join(known)}" if len(known) <= 20 else f"remove it; see {DOCUMENT}"


def _value_remedy(annotation: Any, given: object) -> str:
    if annotation is not None and isinstance(given, str):
        near = nearest(given, words.choices(annotation))
        if near:
            return f"did you mean {near}?"
        if words.is_number(annotation):
            return "write the value without quotes, as allowed"
    elif words.is_text(annotation) and isinstance(given, (int, float)) and not isinstance(given, bool):
        return "write the value in quotes, as allowed"
    return f"write a value that is allowed; see {DOCUMENT}"
