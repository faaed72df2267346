"""Load every deployment that ``cdktf.json`` declares: its own context and the further files that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import identity, words
from config.deployment import Deployment
from config.environment import resolve
from config.errors import ConfigError, Problem, printable, shown
from config.file import DeploymentFile
from config.jsonfile import read_object, unreadable
from config.problems import problems_of
from config.rules import check, check_file, check_together

FURTHER_FILES = "deployments"
# Feature flags of the engine itself; they may stand in the same context and are none of ours.
ENGINE_FLAGS = frozenset({"excludeStackIdFromLogicalIds", "allowSepCharsInLogicalIds"})
# By which an editor finds the JSON Schema.
SCHEMA_KEY = "$schema"


def load(path: Path) -> tuple[Deployment, ...]:
    """All deployments of the ``cdktf.json`` at ``path``, its own first, compared with the identity lock beside it.

    Raises ConfigError with the problems of all files at once; nothing else is raised for bad input.
    """
    deployments, problems = _collect(path)
    problems += identity.check(path.parent / identity.LOCK_FILE, deployments)
    if problems:
        raise ConfigError(problems)
    return tuple(deployment for _, deployment in deployments)


def load_unlocked(path: Path) -> tuple[tuple[str, Deployment], ...]:
    """(file name, deployment) of each, not compared with the identity lock. Raises ConfigError."""
    deployments, problems = _collect(path)
    if problems:
        raise ConfigError(problems)
    return tuple(deployments)


def load_one(keys: Mapping[str, Any], *, source: str) -> Deployment:
    """One deployment from its flat ``keys``; ``source`` is the file's name in messages. Raises ConfigError."""
    try:
        file = DeploymentFile.model_validate(dict(keys))
    except ValidationError as error:
        problems = problems_of(error, source=source)
        raise ConfigError([*problems, *_of_the_rest(keys, error, source)]) from None
    return _checked(file, source)


def _checked(file: DeploymentFile, source: str) -> Deployment:
    problems = check_file(file, source=source)
    # Zones that can't be used would stop the template, and with it the rules on what it decides.
    zones_wrong = any(problem.key.startswith("deployment:vpc:zones") for problem in problems)
    try:
        deployment = resolve(file.model_copy(update={"vpc_zones": None}) if zones_wrong else file, source=source)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from None
    problems += check(deployment, source=source)
    if problems:
        raise ConfigError(problems)
    return deployment


def _of_the_rest(keys: Mapping[str, Any], error: ValidationError, source: str) -> Iterator[Problem]:
    """What the rules find in the keys that are right, where what is wrong can be left out."""
    wrong = {str(item["loc"][0]) for item in error.errors(include_url=False) if item["loc"]}
    left_out = wrong.intersection(words.keys(DeploymentFile))
    try:
        _checked(DeploymentFile.model_validate({k: v for k, v in keys.items() if k not in wrong}), source)
    except ValidationError:
        return
    except ConfigError as further:
        # A rule that names a key left out judged its default, which the file doesn't ask for.
        yield from (problem for problem in further.problems if not any(key in str(problem) for key in left_out))


def _collect(path: Path) -> tuple[list[tuple[str, Deployment]], list[Problem]]:
    problems: list[Problem] = []
    deployments: list[tuple[str, Deployment]] = []
    for source, keys in _contexts(path, problems):
        try:
            deployments.append((source, load_one(keys, source=source)))
        except ConfigError as error:
            problems.extend(error.problems)
    problems.extend(check_together(deployments))
    return deployments, problems


def _contexts(path: Path, problems: list[Problem]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file name, keys) of the main context and of each further file; unreadable ones become problems."""
    document = read_object(path, path.name)
    if isinstance(document, Problem):
        problems.append(document)
        return
    context = document.get("context")
    if not isinstance(context, dict):
        problems.append(unreadable(path.name, "has no context with the deployment's keys", 'add "context": { ... }'))
        return
    yield path.name, {k: v for k, v in context.items() if k != FURTHER_FILES and k not in ENGINE_FLAGS}
    for name in _further(path, context.get(FURTHER_FILES, []), problems):
        keys = read_object(path.parent / name, name)
        if isinstance(keys, Problem):
            problems.append(keys)
        else:
            yield printable(name), {k: v for k, v in keys.items() if k != SCHEMA_KEY}


def _further(path: Path, named: Any, problems: list[Problem]) -> Iterator[str]:
    """The names in ``deployments`` that are relative paths of their own below the directory of ``path``."""
    key, seen = f"context.{FURTHER_FILES}", set()
    for index, name in enumerate(named if isinstance(named, list) else [named]):
        where = f"{key}[{index}]" if isinstance(named, list) else key
        message = "must be a list of file names below the directory of this file"
        if isinstance(named, list) and isinstance(name, str) and _below(path.parent, name):
            if name not in seen:
                seen.add(name)
                yield name
                continue
            message = "names a file twice"
        remedy = 'write relative paths without .., such as ["envs/pci/v1/deployment.json"]'
        problems.append(Problem(file=path.name, key=where, value=shown(name), message=message, remedy=remedy))


def _below(directory: Path, name: str) -> bool:
    try:
        target = (directory / name).resolve()
        written = Path(name)
        return not written.is_absolute() and ".." not in written.parts and directory.resolve() in target.parents
    except (OSError, ValueError, RuntimeError):  # a null byte, a loop of links, a name that can't be encoded
        return False
