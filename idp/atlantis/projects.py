"""``atlantis.yaml``: one project for each stack, ordered as the stacks read each other.

Source of the keys: Atlantis documentation, "Repo Level atlantis.yaml Config", and server/core/config/raw/project.go
(read 2026-11).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from idp.atlantis import yamltext
from idp.output import Stack, ordered, predecessors

# Where the projects of a clone lie.
PLACE = "cdktf.out"
_HEAD = """Generated from the stack graph by `make docs`; docs/ATLANTIS.md says what the server decides instead.
A change of a file below a stack's directory plans that stack. Where the JSON isn't committed, the server's hook writes
this file anew in its clone: then any change plans the stacks whose JSON differs from the base branch's."""
# Patterns are relative to the project's directory, in the syntax of .dockerignore.
OWN_FILES = ["**/*"]
ANY_FILE = ["../../../**/*"]


def repository_file(stacks: Iterable[Stack], changed: Collection[str] | None = None) -> str:
    """The text of ``atlantis.yaml`` for ``stacks``, of one or several deployments.

    ``changed`` are the names of the stacks that a pull request changes, where their files aren't in the repository;
    None where they are. Raises OperationError where stacks read each other in a circle.
    """
    deployments: dict[str, list[Stack]] = {}
    for stack in stacks:
        deployments.setdefault(stack.deployment, []).append(stack)
    projects = [project for _, each in sorted(deployments.items()) for project in _projects(ordered(each), changed)]
    settings = {
        "version": 3,
        "parallel_plan": True,
        "parallel_apply": True,
        "abort_on_execution_order_fail": True,
        "projects": projects,
    }
    return yamltext.text(settings, head=_HEAD)


def _projects(order: Sequence[Stack], changed: Collection[str] | None) -> list[Mapping[str, Any]]:
    before: dict[str, set[str]] = {}
    group: dict[str, int] = {}
    by_name = {stack.name: stack for stack in order}
    for stack in order:
        reads = predecessors(stack, by_name)
        # Atlantis looks at the named projects alone and takes one that the pull request doesn't plan for done: with
        # the direct reads only, a stack wouldn't wait for a changed one behind an unchanged one.
        before[stack.name] = reads.union(*(before[name] for name in reads))
        group[stack.name] = max((group[name] + 1 for name in reads), default=0)
    position = {stack.name: index for index, stack in enumerate(order)}
    return [
        {
            "name": stack.name,
            "dir": f"{PLACE}/stacks/{stack.name}",
            "workspace": "default",
            "terraform_distribution": "opentofu",
            "workflow": stack.deployment,
            "execution_order_group": group[stack.name],
            "depends_on": sorted(before[stack.name], key=position.__getitem__),
            "autoplan": {
                "enabled": True,
                "when_modified": ANY_FILE if changed is not None and stack.name in changed else OWN_FILES,
            },
        }
        for stack in order
    ]
