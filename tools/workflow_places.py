"""Where each entry point among the templates runs, and whether all its accounts are there.

The table of workflow-templates/README.md says it to people, and to this check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.workflow_calls import calls, target_of
from tools.workflow_files import File, Problem, Template

README = "workflow-templates/README.md"
# | `ci` | what it does | parameters | others | `team-*`, `argo`: `argo-workflows-executor` |
_ROW = re.compile(r"^\| `([a-z-]+)` \|(?:[^|\n]*\|){3} ((?:`[a-z*-]+`(?:, )?)+): `([a-z-]+)` \|$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Place:
    """``line`` of the README; ``namespaces`` as patterns, such as ``team-*``."""

    line: int
    namespaces: tuple[str, ...]
    account: str


def places(readme: str) -> dict[str, Place]:
    """Entry points by their names."""
    return {
        found[1]: Place(
            line=readme.count("\n", 0, found.start()) + 1,
            namespaces=tuple(re.findall(r"[a-z*-]+", found[2])),
            account=found[3],
        )
        for found in _ROW.finditer(readme)
    }


def problems(
    files: Mapping[str, File], entries: Mapping[str, Place], accounts: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    """``accounts``: pattern of namespaces → service accounts that are there."""
    for name, place in entries.items():
        if name not in files:
            yield Problem(file=README, line=place.line, message=f"no template {name}: take the row out, or name one")
            continue
        yield from _entry(files[name], place, files, accounts)
    for name, file in files.items():
        if "serviceAccountName" in file.node["spec"] and name not in entries:
            said = f"nobody says where {name} runs: write a row for it to {README}"
            yield file.problem(said, file.node["spec"], "serviceAccountName")


def _entry(
    file: File, place: Place, files: Mapping[str, File], accounts: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    spec = file.node["spec"]
    if spec.get("serviceAccountName") != place.account:
        said = f"serviceAccountName is {spec.get('serviceAccountName')}: write {place.account}, as {README} does"
        yield file.problem(said, spec, "serviceAccountName")
    entry = file.templates.get(str(spec.get("entrypoint")))
    reached = [*_reached(entry, files)] if entry else []
    for namespace in place.namespaces:
        there = accounts.get(namespace)
        if there is None:
            said = f"no workflows run in {namespace}: name one of {', '.join(sorted(accounts))}"
            yield Problem(file=README, line=place.line, message=said)
            continue
        for template in reached:
            account = template.node.get("serviceAccountName")
            if template.makes_pods and account not in there:
                said = f"{file.stem} runs template {template.name} as {account}, which isn't in {namespace}"
                said += f": name one of {', '.join(sorted(there))}"
                yield template.file.problem(said, template.node, "serviceAccountName")


def _reached(template: Template, files: Mapping[str, File], seen: set[int] | None = None) -> Iterator[Template]:
    """``template`` and all that it runs, each once."""
    seen = set() if seen is None else seen
    if id(template.node) in seen:
        return
    seen.add(id(template.node))
    yield template
    for call in calls(template):
        target = target_of(template.file, call.node, files)
        if target is not None:
            yield from _reached(target, files, seen)
