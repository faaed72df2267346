"""Which directory of which repository goes to which namespace: ApplicationSets, worked out for the example.

Source: Argo CD documentation, "Generating Applications with ApplicationSet" (generators, parameters of each).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.delivery.files import Files, Manifest
from tools.go_template import Template
from tools.markdown import span
from tools.workflow_files import Unreadable

# Stand for what a pull request has; `<number>` becomes part of names.
_REQUEST = {
    "number": "<number>",
    "head_sha": "<head>",
    "head_short_sha": "<head>",
    "branch": "<branch>",
    "author": "<author>",
    "target_branch": "<target>",
    "labels": ["<label>"],
}


@dataclass(frozen=True, kw_only=True)
class Application:
    """What Argo CD makes. ``made_by``: its ApplicationSet; ``path``: that one's file; ``when``: what it is of."""

    made_by: str
    path: str
    kind: str
    when: str
    name: str
    project: str
    repository: str
    revision: str
    directory: str
    namespace: str
    sync: Mapping[str, Any] = field(default_factory=dict)


def applications(files: Files) -> list[Application]:
    """All that the ApplicationSets of the team make. Raises Unreadable."""
    return [each for manifest in files.of("ApplicationSet") for each in _of(manifest)]


def _of(manifest: Manifest) -> Iterator[Application]:
    spec = manifest.node["spec"]
    for generator in spec["generators"]:
        for kind, when, given in _parameters(manifest, generator):
            node = _filled(manifest, spec["template"], given)
            inner = node["spec"]
            yield Application(
                made_by=manifest.name,
                path=manifest.path,
                kind=kind,
                when=when,
                name=str(node["metadata"]["name"]),
                project=str(inner["project"]),
                repository=str(inner["source"]["repoURL"]).removeprefix("https://github.com/"),
                revision=str(inner["source"]["targetRevision"]),
                directory=str(inner["source"]["path"]),
                namespace=str(inner["destination"]["namespace"]),
                sync=inner.get("syncPolicy") or {},
            )


def _parameters(manifest: Manifest, generator: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind, what it is of, parameters) of each application that ``generator`` leads to."""
    kinds = [kind for kind in generator if kind not in ("selector", "values")]
    if kinds == ["git"] and "directories" in generator["git"]:
        yield from _directories(manifest, generator["git"])
    elif kinds == ["pullRequest"]:
        yield _request(manifest, generator["pullRequest"])
    elif kinds == ["list"]:
        for each in generator["list"]["elements"]:
            yield "list", "always", dict(each)
    elif kinds == ["matrix"]:
        one, other = generator["matrix"]["generators"]
        for kind, when, given in _parameters(manifest, one):
            for kind_of_other, when_of_other, more in _parameters(manifest, other):
                yield f"{kind} × {kind_of_other}", f"{when}, {when_of_other}", given | more
    else:
        raise Unreadable(f"{manifest.path}:1: generator {', '.join(kinds)} isn't known (tools/delivery/sets.py)")


def _directories(manifest: Manifest, git: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for each in git["directories"]:
        if each.get("exclude"):
            continue
        path = str(each["path"])
        given = {"path": {"path": path, "basename": path.rpartition("/")[2], "segments": path.split("/")}}
        values = _filled(manifest, git.get("values") or {}, given)
        yield "git", f"the directory is there at {git.get('revision')}", {**given, "values": values}


def _request(manifest: Manifest, source: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    labels = [label for host in source.values() if isinstance(host, Mapping) for label in host.get("labels") or ()]
    values = _filled(manifest, source.get("values") or {}, _REQUEST)
    asked = f", asked for every {span(source['requeueAfterSeconds'])}" if "requeueAfterSeconds" in source else ""
    said = f" with label {' and '.join(labels)}" if labels else ""
    return "pullRequest", f"an open pull request{said}{asked}", {**_REQUEST, "values": values}


def _filled(manifest: Manifest, node: Any, given: Mapping[str, Any]) -> Any:
    """``node`` with its templates filled in; what isn't given is an error, as with ``missingkey=error``."""
    if isinstance(node, str):
        return Template(manifest.path, node, strict=True).render(given) if "{{" in node else node
    if isinstance(node, Mapping):
        return {key: _filled(manifest, value, given) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(manifest, value, given) for value in node]
    return node


def keeps(application: Application) -> str:
    """How Argo CD syncs, in short."""
    automated = application.sync.get("automated")
    retry = application.sync.get("retry") or {}
    said = ["when somebody asks"] if automated is None else ["by itself", *(key for key in automated if automated[key])]
    return ", ".join([*said, f"{retry.get('limit', 0)} retries"])
