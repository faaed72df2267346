"""Read a JSON object strictly: one Problem for whatever is wrong with the file, and never another exception."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from config.errors import Problem, printable

# Far above any deployment file; keeps a wrong file (a log, a dump) from being read whole.
MAX_BYTES = 4 * 1024 * 1024
CORRECT = "correct the file; an editor's JSON mode shows the place"


class _Unusable(ValueError):
    """Valid for Python's parser, but not for ours."""


def read_object(path: Path, name: str) -> dict[str, Any] | Problem:
    """The JSON object in ``path``, or the Problem that keeps it from being read; ``name`` is the file's in messages."""
    beside = "" if name == path.name else ", which counts from the file that names it"
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "unreadable"
        return unreadable(name, f"can't be read: {reason}", f"create the file, or correct its name{beside}")
    if len(data) > MAX_BYTES:
        return unreadable(name, f"is larger than {MAX_BYTES} bytes", "name a deployment file")
    return _parsed(data, name)


def unreadable(name: str, message: str, remedy: str) -> Problem:
    """A Problem with a file as a whole."""
    return Problem(file=printable(name), key="(file)", message=message, remedy=remedy)


def _parsed(data: bytes, name: str) -> dict[str, Any] | Problem:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return unreadable(name, f"is not UTF-8: byte {error.start} is {data[error.start]:#04x}", "save it as UTF-8")
    if text.startswith("\N{BYTE ORDER MARK}"):
        return unreadable(name, "starts with a byte order mark", "save it as UTF-8 without one")
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except _Unusable as error:
        return unreadable(name, str(error), CORRECT)
    except json.JSONDecodeError as error:
        return unreadable(name, f"is not JSON: {error.msg} in line {error.lineno}, column {error.colno}", CORRECT)
    except RecursionError:
        return unreadable(name, "is nested too deeply", CORRECT)
    except ValueError:  # Python reads no integer of more than 4,300 digits
        return unreadable(name, "holds a number with too many digits", CORRECT)
    if isinstance(document, dict):
        return document
    return unreadable(name, "must hold one JSON object", "write the keys between { and }")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            # JSON's readers disagree on which one counts (RFC 8259, 4. Objects).
            raise _Unusable(f"holds the key {printable(key)} twice in one object")
        if not key.isprintable():
            raise _Unusable(f"holds a key with unprintable characters: {printable(key)}")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise _Unusable(f"holds {name}, which is no JSON number")
