"""What a sensor takes of GitHub's deliveries: fields that there are, and whose events it lets through.

Argo Events takes a field that isn't there for an event that isn't meant: with a misspelt one a sensor starts nothing,
and says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.yaml_shapes import Say

BODY = "body."
HERE = "tools/sensor_payloads.py"
# GitHub documentation, "Webhook events and payloads": those of every kind of an organization's hook, and two that the
# event source adds from the headers (Argo Events, eventsources/sources/github).
_COMMON = frozenset(
    {"X-GitHub-Event", "X-GitHub-Delivery", "organization.login", "sender.login", "sender.type"}
    | {f"repository.{name}" for name in ("full_name", "name", "default_branch", "private", "fork", "archived")}
)
_REQUEST = ("number", "draft", "state", "author_association", "user.login", "user.type", "head.ref", "head.sha")
FIELDS: Mapping[str, frozenset[str]] = {
    "push": _COMMON
    | {"ref", "before", "after", "created", "deleted", "forced", "base_ref", "commits", "pusher.name"}
    | {f"head_commit.{name}" for name in ("id", "message", "author.email", "author.username")},
    "pull_request": _COMMON
    | {"action", "number", "label.name", "pull_request.labels", *(f"pull_request.{name}" for name in _REQUEST)}
    | {f"pull_request.{name}" for name in ("head.repo.full_name", "base.ref", "base.sha", "base.repo.full_name")},
    "release": _COMMON
    | {"action", "release.id", "release.name", "release.author.login", "release.target_commitish"}
    | {"release.tag_name", "release.draft", "release.prerelease"},
}
_KIND = re.compile(r"\^([a-z_]+)\$")
_INPUT = re.compile(r"\.Input\.(body(?:\.[\w-]+)+)")
_OBJECT = re.compile(r'\{(?:"\w+":body\.[\w.-]+,?)+\}')
_MEMBERS = "^(OWNER|MEMBER|COLLABORATOR)$"
_ORIGIN, _AUTHOR = f"{BODY}pull_request.head.repo.full_name", f"{BODY}pull_request.author_association"
_SENDER, _REPOSITORY = f"{BODY}sender.type", f"{BODY}repository.full_name"
_TYPES, _COMPARATORS = ("string", "bool", "number"), ("=", "!=", "<", "<=", ">", ">=")


def problems(say: Say, dependency: Any, keys: list[Any], *, strangers: bool) -> Iterator[Any]:
    """What is wrong with ``dependency``, and with ``keys``: the ``src`` of parameters of it.

    ``strangers``: what it starts runs where a stranger's code may.
    """
    filters = (dependency.get("filters") or {}).get("data") or []
    kind = _kind(filters)
    if kind not in FIELDS:
        said = f"takes events of {kind}: write one value, ^kind$, of {', '.join(FIELDS)}; others are new to {HERE}"
        yield say(f"dependency {dependency.get('name')} {said}", filters[0] if filters else dependency, "value")
        return
    for each in filters:
        yield from _filter(say, each)
        for field in _fields(str(each.get("path"))):
            yield from _field(say, field, kind, each, "path")
    for source in keys:
        for field in asked(source):
            yield from _field(say, field, kind, source, "dataTemplate" if "dataTemplate" in source else "dataKey")
    yield from _author(say, dependency, {str(each.get("path")): each for each in filters}, kind, strangers=strangers)


def asked(source: Any) -> list[str]:
    """Fields of the body that a parameter's ``src`` takes; none where it takes others."""
    if "dataTemplate" in source:
        return _INPUT.findall(str(source["dataTemplate"]))
    key = str(source.get("dataKey", ""))
    return [key] if key.startswith(BODY) else []


def _kind(filters: list[Any]) -> str:
    values = list(filters[0].get("value") or ()) if filters else []
    found = _KIND.fullmatch(str(values[0])) if len(values) == 1 else None
    return found[1] if found else " or ".join(map(str, values)) or "nothing"


def _filter(say: Say, each: Any) -> Iterator[Any]:
    if each.get("type") not in _TYPES:
        yield say(f"type is {each.get('type')}: write one of {', '.join(_TYPES)}", each, "type")
    if each.get("comparator", "=") not in _COMPARATORS:
        yield say(f"comparator is {each['comparator']}: write one of {' '.join(_COMPARATORS)}", each, "comparator")
    if not isinstance(each.get("value"), list) or not each["value"]:
        yield say("value is no list: write a list of texts", each, "value")
        return
    # Those of strings are searched for, as regular expressions.
    for value in each["value"] if each.get("type") == "string" else ():
        if not (re.sub(r"^\(\?i\)", "", str(value)).startswith("^") and str(value).endswith("$")):
            yield say(f"value {value} matches parts, too: write it between ^ and $", each, "value")


def _fields(path: str) -> list[str]:
    """Several where the path makes an object of them (gjson, "Multipaths")."""
    return re.findall(r":(body\.[\w.-]+)", path) if _OBJECT.fullmatch(path) else [path]


def _field(say: Say, field: str, kind: str, node: Any, key: str) -> Iterator[Any]:
    if field.removeprefix(BODY) not in FIELDS[kind] or not field.startswith(BODY):
        said = f"{field} is no field of {kind} events that is known here: write {BODY} and one of {HERE}, or add it"
        yield say(said, node, key)


def _author(say: Say, dependency: Any, filters: Mapping[str, Any], kind: str, *, strangers: bool) -> Iterator[Any]:
    """Who wrote the code, and where it comes from, decides by whose rights it is run."""
    name = dependency.get("name")
    if kind == "release" and _values(filters.get(_SENDER)) != ("=", ["^User$"]):
        yield say(f"dependency {name} takes releases of anybody: filter {_SENDER} by ^User$", dependency, None)
    if kind != "pull_request":
        return
    own = _values(filters.get(_REPOSITORY))[1]
    origin, author = _values(filters.get(_ORIGIN)), _values(filters.get(_AUTHOR))
    if not strangers and (origin != ("=", own) or author != ("=", [_MEMBERS])):
        said = f"lets strangers' code in: filter {_ORIGIN} by the repository and {_AUTHOR} by {_MEMBERS}"
        yield say(f"dependency {name} {said}", dependency, None)
    if strangers and origin != ("!=", own) and (origin != ("=", own) or author != ("!=", [_MEMBERS])):
        said = f"takes members' requests too: filter {_ORIGIN} by != the repository, or {_AUTHOR} by != {_MEMBERS}"
        yield say(f"dependency {name} {said}", dependency, None)


def _values(each: Any) -> tuple[str, list[str]]:
    return (str(each.get("comparator", "=")), list(map(str, each.get("value") or ()))) if each else ("", [])
