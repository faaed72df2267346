"""What has to change in ok-cli to put a repository into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from idp.errors import OperationError
from idp.okcli import makefile
from idp.okcli.arrays import array, repeats
from idp.okcli.change import Change
from idp.okcli.errors import UnexpectedError

COMMON = "scripts/lib/common.sh"
MAKEFILE = "Makefile"
LISTS = (
    "scripts/setup/push-all-repos.sh",
    "scripts/utils/sync-repos.sh",
    "scripts/utils/force-push-all-repos.sh",
    "scripts/utils/update-repos.sh",
)
BUILD = "scripts/utils/build-maven.sh"
TARGETS = ("destroy-repos", "init-secrets", "status")
MAVEN = "maven"
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_SAFE = re.compile(r"[^\"$`\\\x00-\x1f]+")


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository as ok-cli describes one. ``type`` is that of REPO_TYPES: what builds it."""

    name: str
    type: str
    description: str
    visibility: str = "private"
    branch: str = "main"

    def __post_init__(self) -> None:
        wrong = [key for key in ("name", "type", "visibility") if not _PLAIN.fullmatch(getattr(self, key))]
        wrong += [key for key in ("description", "branch") if not _SAFE.fullmatch(getattr(self, key))]
        if wrong:
            raise OperationError(
                f"can't stand in a script of ok-cli: {', '.join(wrong)}",
                remedy="names are of a-z, 0-9, dot and hyphen; no text holds quotes, dollars, backslashes or backticks",
            )

    @property
    def file(self) -> str:
        return f"conf/repos/.ok.github.repo.{self.name}"

    @property
    def settings(self) -> str:
        keys = {
            "REPO_NAME": self.name,
            "REPO_DESCRIPTION": self.description,
            "REPO_VISIBILITY": self.visibility,
            "REPO_DEFAULT_BRANCH": self.branch,
        }
        return "".join(f'{key}="{value}"\n' for key, value in keys.items())


@dataclass
class _Planning:
    """Collects changes and what isn't as expected, file by file."""

    root: Path
    skipped: Collection[str]
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def file(self, file: str, change: Callable[[str], str]) -> None:
        if file in self.skipped:
            return
        try:
            before = _read(self.root / file)
            after = change(before)
        except UnexpectedError as error:
            self.problems.append(f"{file}: {error}")
            return
        if after != before:
            self.changes.append(Change(root=self.root, file=file, before=before, after=after))


def changes(root: Path, repository: Repository, skipped: Collection[str] = ()) -> list[Change]:
    """What has to change below ``root``, a clone of ok-cli; nothing where ``repository`` is in it already.

    ``skipped`` are files that somebody changes by hand. Raises OperationError with all that isn't as expected.
    """
    known_files = (repository.file, COMMON, *LISTS, BUILD, MAKEFILE)
    unknown = sorted(set(skipped) - set(known_files))
    if unknown:
        raise OperationError(f"not a file that would change: {', '.join(unknown)}", remedy="; ".join(known_files))
    planning = _Planning(root, skipped)
    _settings(planning, repository)
    planning.file(COMMON, lambda text: _common(text, repository))
    names = _names(root)
    for file in LISTS:
        planning.file(file, lambda text: _list(text, "REPOS", repository.name, names))
    if repository.type == MAVEN:
        planning.file(BUILD, lambda text: _list(text, "MAVEN_REPOS", repository.name, names))
    planning.file(MAKEFILE, lambda text: _targets(text, repository.name, names))
    if planning.problems:
        raise OperationError(
            "\n".join(planning.problems),
            remedy="nothing was written; change these files by hand, and name each by --skip",
        )
    return planning.changes


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise UnexpectedError("there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnexpectedError(f"can't be read as text: {error}") from None


def _settings(planning: _Planning, repository: Repository) -> None:
    path = planning.root / repository.file
    if repository.file in planning.skipped:
        return
    if not path.parent.is_dir():
        planning.problems.append(f"{repository.file}: there is no directory {path.parent.name}")
    elif not path.exists():
        planning.changes.append(
            Change(root=planning.root, file=repository.file, before=None, after=repository.settings)
        )
    else:
        # Whoever has described it otherwise since keeps that.
        planning.file(repository.file, lambda text: _own(text, repository.name))


def _own(text: str, name: str) -> str:
    if not re.search(rf"^REPO_NAME=([\"']?){re.escape(name)}\1[ \t\r]*$", text, re.MULTILINE):
        raise UnexpectedError(f"is there, and doesn't say REPO_NAME={name}")
    return text


def _names(root: Path) -> list[str]:
    try:
        return array(_read(root / COMMON), "REPO_NAMES").values
    except UnexpectedError:
        return []


def _common(text: str, repository: Repository) -> str:
    names, types = array(text, "REPO_NAMES").values, array(text, "REPO_TYPES").values
    if len(names) != len(types):
        raise UnexpectedError(
            f"REPO_NAMES has {len(names)} words and REPO_TYPES {len(types)}: one for each is expected"
        )
    if repository.name in names:
        there = types[names.index(repository.name)]
        if there != repository.type:
            raise UnexpectedError(f"{repository.name} is there, as {there} and not as {repository.type}")
        return text
    text = array(text, "REPO_NAMES").with_value(repository.name)
    return array(text, "REPO_TYPES").with_value(repository.type)


def _list(text: str, name: str, value: str, known: Sequence[str]) -> str:
    if repeats(text, name, "REPO_NAMES"):
        return text
    found = array(text, name)
    if value in found.values:
        return text
    if found.items and not set(found.values) & set(known):
        raise UnexpectedError(f"{name} is expected to hold names of REPO_NAMES, as they stand there")
    return found.with_value(value)


def _targets(text: str, name: str, known: Sequence[str]) -> str:
    problems = []
    others = [each for each in known if each != name]
    for target in TARGETS:
        try:
            text = makefile.with_repository(text, target, name, others)
        except UnexpectedError as error:
            problems.append(str(error))
    if problems:
        raise UnexpectedError("; ".join(problems))
    return text
