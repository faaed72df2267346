"""Functions of Go templates that our charts and ApplicationSets call, as Go and sprig define them.

Sources: Go documentation, package text/template, "Functions"; sprig documentation; Helm documentation, "Template
Functions and Pipelines". Arguments come as in the template: a piped value is the last one.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ruamel.yaml import YAML

from constructs_lib.helm.blocks import block

Function = Callable[..., Any]


class Failed(Exception):
    """A template says that it can't go on, or calls what isn't here."""


def text_of(value: Any) -> str:
    """``value`` as a template writes it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _printf(pattern: str, *given: Any) -> str:
    values = iter(given)

    def one(found: re.Match[str]) -> str:
        kind = found.group(1)
        if kind == "%":
            return "%"
        value = next(values)
        return json.dumps(text_of(value)) if kind == "q" else text_of(value)

    return re.sub(r"%([vsdq%])", one, pattern)


def _required(message: str, value: Any) -> Any:
    if value is None or value == "":
        raise Failed(message)
    return value


def _fail(message: str) -> Any:
    raise Failed(message)


def _nindent(spaces: int, text: str) -> str:
    return "\n" + "\n".join(" " * spaces + line if line else line for line in text.split("\n"))


def _pairs(*given: Any) -> dict[str, Any]:
    return dict(zip(given[::2], given[1::2], strict=True))


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else value[key]
    return value


def _all(*given: Any) -> Any:
    return next((each for each in given if not each), given[-1])


def _any(*given: Any) -> Any:
    return next((each for each in given if each), given[-1])


def _set(target: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    target[key] = value
    return target


def _found(pattern: str, text: str) -> str:
    hit = re.search(pattern, text)
    return hit.group() if hit else ""


FUNCTIONS: Mapping[str, Function] = {
    "and": _all,
    "or": _any,
    "not": lambda value: not value,
    "eq": lambda value, *others: value in others,
    "ne": lambda one, other: one != other,
    "gt": lambda one, other: one > other,
    "lt": lambda one, other: one < other,
    "len": len,
    "index": _index,
    "printf": _printf,
    "print": lambda *given: "".join(map(text_of, given)),
    "required": _required,
    "fail": _fail,
    "quote": lambda value: json.dumps(text_of(value), ensure_ascii=False),
    "squote": lambda value: f"'{text_of(value)}'",
    "toString": text_of,
    "toJson": functools.partial(json.dumps, separators=(",", ":"), sort_keys=True),
    "fromJson": json.loads,
    "toYaml": block,
    "fromYaml": lambda text: YAML(typ="safe").load(text),
    "nindent": _nindent,
    "indent": lambda spaces, text: _nindent(spaces, text)[1:],
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "trimSuffix": lambda end, text: text.removesuffix(end),
    "trimPrefix": lambda start, text: text.removeprefix(start),
    "trunc": lambda size, text: text[:size] if size >= 0 else text[size:],
    "replace": lambda old, new, text: text.replace(old, new),
    "regexFind": _found,
    "regexReplaceAll": lambda pattern, text, new: re.sub(pattern, re.sub(r"\$\{?(\d)\}?", r"\\\1", new), text),
    "regexMatch": lambda pattern, text: re.search(pattern, text) is not None,
    "contains": lambda part, text: part in text,
    "hasPrefix": lambda start, text: text.startswith(start),
    "hasSuffix": lambda end, text: text.endswith(end),
    "splitList": lambda by, text: text.split(by),
    "join": lambda by, items: by.join(map(text_of, items)),
    "base": lambda path: path.rpartition("/")[2],
    "sha256sum": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "default": lambda other, value=None: value or other,
    "coalesce": lambda *given: next((each for each in given if each), None),
    "empty": lambda value: not value,
    "ternary": lambda yes, no, value: yes if value else no,
    "dict": _pairs,
    "list": lambda *items: list(items),
    "get": lambda source, key: source.get(key, ""),
    "set": _set,
    "hasKey": lambda source, key: key in source,
    "has": lambda item, items: item in (items or ()),
    "keys": lambda source: list(source),
    "first": lambda items: items[0],
    "last": lambda items: items[-1],
    "append": lambda items, item: [*items, item],
    "concat": lambda *lists: [item for items in lists for item in items],
    "uniq": lambda items: list(dict.fromkeys(items)),
    "merge": lambda target, *others: {**_merged(others), **target},
    "add": lambda *given: sum(given),
    "sub": lambda one, other: one - other,
    "int": int,
}


def _merged(others: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    return {key: value for each in reversed(others) for key, value in each.items()}
