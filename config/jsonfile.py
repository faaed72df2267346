"""Read a JSON object strictly: one Problem for whatever is wrong with the file, and never another exception."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.errors import Problem, printable
from config.problems import key_path

# Far above any deployment file (a thousand teams: 0.5 MiB, 15,000 values, 5 levels); they keep a wrong file (a log, a
# dump) from being read whole, and what is refused from costing more than a second or two. docs/CONFIGURATION.md.
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
MAX_ITEMS = 5_000
MAX_VALUES = 200_000
CORRECT = "correct the file; an editor's JSON mode shows the place"
SHORTER = "name a deployment file, or shorten it; docs/CONFIGURATION.md has the limits of a file"


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
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except _Unusable as error:
        return unreadable(name, str(error), CORRECT)
    except json.JSONDecodeError as error:
        return unreadable(name, f"is not JSON: {error.msg} in line {error.lineno}, column {error.colno}", CORRECT)
    except RecursionError:
        return unreadable(name, "is nested too deeply", CORRECT)
    except ValueError:  # Python reads no integer of more than 4,300 digits
        return unreadable(name, "holds a number with too many digits", CORRECT)
    if not isinstance(document, dict):
        return unreadable(name, "must hold one JSON object", "write the keys between { and }")
    return _too_large(document, name) or document


def _too_large(document: dict[str, Any], name: str) -> Problem | None:
    """What of ``document`` is larger than anything of a deployment file."""
    values = 0
    for location, value in _containers(document):
        values += len(value)
        if len(value) > MAX_ITEMS:
            return _over(name, location, f"holds {len(value)} entries, at most {MAX_ITEMS} are allowed")
        if len(location) >= MAX_DEPTH:
            return _over(name, location[:2], f"is nested more than {MAX_DEPTH} levels deep")
        if values > MAX_VALUES:
            return unreadable(name, f"holds more than {MAX_VALUES} values", SHORTER)
    return None


def _containers(document: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any] | list[Any]]]:
    """(location, value) of every object and list. No recursion: what is looked for is its depth."""
    left: list[tuple[tuple[str | int, ...], dict[str, Any] | list[Any]]] = [((), document)]
    while left:
        location, value = left.pop()
        yield location, value
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        left += [((*location, key), item) for key, item in inner if isinstance(item, (dict, list))]


def _over(name: str, location: tuple[str | int, ...], message: str) -> Problem:
    # As every message spells a key: without the object of cdktf.json that all keys are in.
    path = location[1:] if location[:1] == ("context",) else location
    return Problem(file=printable(name), key=key_path(path), message=message, remedy=SHORTER)


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


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Unusable(f"holds {printable(text)}, which is too large a number")
    return number
