"""Add and remove a team in the deployment file, and destroy what a removed one had."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.deployment import Deployment
from config.loader import FURTHER_FILES, load_one, load_unlocked
from idp import jsontext
from idp.errors import OperationError
from idp.operation import Operation
from idp.teardown import teardown_stack

TEAMS = "deployment:teams"


@dataclass(frozen=True, kw_only=True)
class DeploymentText:
    """A deployment file: its text, and where in it the keys are (below ``context`` in cdktf.json)."""

    path: Path
    text: str
    below: tuple[str, ...]

    @property
    def keys(self) -> dict[str, Any]:
        found = json.loads(self.text)
        for key in self.below:
            found = found[key]
        return {key: value for key, value in found.items() if key != FURTHER_FILES}

    def names(self) -> list[str]:
        return [team["name"] for team in self.keys.get(TEAMS) or []]

    def changed(self, text: str) -> DeploymentText:
        """The same file with another text. Raises ConfigError where it is no deployment any more."""
        found = DeploymentText(path=self.path, text=text, below=self.below)
        load_one(found.keys, source=self.path.name)
        return found

    def difference(self, other: DeploymentText) -> str:
        """The change to ``other`` as people review it."""
        name = self.path.name
        lines = difflib.unified_diff(self.text.splitlines(True), other.text.splitlines(True), name, name, n=1)
        return "".join(lines)

    def write(self) -> None:
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        partial.write_text(self.text, encoding="utf-8")
        partial.replace(self.path)


def deployment_text(config: Path, deployment: str) -> DeploymentText:
    """The file that declares ``deployment``. Raises ConfigError, or OperationError where none does."""
    everyone = load_unlocked(config)
    for name, found in everyone:
        if found.id == deployment:
            path = config if name == config.name else config.parent / name
            below = ("context",) if path == config else ()
            return DeploymentText(path=path, text=path.read_text(encoding="utf-8"), below=below)
    known = ", ".join(found.id for _, found in everyone)
    raise OperationError(
        f"{config} declares no deployment {deployment!r}", remedy=f"name one of: {known}; or another file by --config"
    )


def with_team(file: DeploymentText, entry: Mapping[str, Any]) -> DeploymentText:
    """``file`` with ``entry`` as its last team. Raises ConfigError for an entry that isn't valid."""
    return file.changed(jsontext.appended(file.text, (*file.below, TEAMS), entry))


def without_team(file: DeploymentText, name: str) -> DeploymentText:
    """``file`` without team ``name``. Raises OperationError where there is no such team."""
    names = file.names()
    if name not in names:
        known = ", ".join(names) or "none"
        raise OperationError(f"{file.path.name} has no team {name!r}", remedy=f"name one of: {known}")
    return file.changed(jsontext.removed(file.text, (*file.below, TEAMS), names.index(name)))


def stack_name(deployment: str, team: str) -> str:
    return f"{deployment}-teams-{team}"


def refuse_data(team: str, found: list[str]) -> None:
    """Raise OperationError where the team holds what is in ``found``."""
    if found:
        raise OperationError(
            f"team {team} still holds data: {', '.join(found)}",
            remedy=f"nothing was changed; save it, or add --yes-delete {team} to delete it",
        )


def destroy(operation: Operation, deployment: Deployment, team: str, *, confirmed: bool) -> None:
    """Destroy the team's stack, its images and secrets included where that was ``confirmed``.

    Where it wasn't, AWS itself refuses to delete a repository that holds images, and keeps secrets for their recovery
    window. Raises OperationError.
    """
    name = stack_name(deployment.id, team)
    if name not in {stack.name for stack in operation.stacks}:
        raise OperationError(
            f"the output has no stack {name}", remedy="run `make synth` with the team still in the file, then try again"
        )
    teardown_stack(operation, name, "drop" if confirmed or deployment.deletion_policy == "drop" else "snapshot")
