"""Locks of Terraform providers: one reviewed file for each engine, of which every stack's directory gets its part.

OpenTofu and Terraform take a provider from different registries, so each has a file, ``providers/<engine>.lock.hcl``,
as ``<engine> providers lock`` writes it. A stack's part holds what the stack needs and no more: with
``init -lockfile=readonly`` an engine refuses a lock that names other providers than the JSON.
Source: OpenTofu and Terraform documentation, "Dependency Lock File" and "Command: providers lock".
"""

from __future__ import annotations

import functools
import hashlib
import json
import operator
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from idp.errors import OperationError

DIRECTORY = Path(__file__).resolve().parent.parent / "providers"
LOCK_FILE = ".terraform.lock.hcl"
READ_ONLY = "-lockfile=readonly"
# Where people and CI run the engine.
PLATFORMS = ("linux_amd64", "linux_arm64", "darwin_arm64")
REGISTRIES = {"opentofu": "registry.opentofu.org", "terraform": "registry.terraform.io"}
_HEAD = "# Part of providers/{engine}.lock.hcl: `python -m idp providers lock` makes it.\n\n"
_BLOCK = re.compile(r'^provider "(?P<address>[^"]+)" \{\n.*?^\}\n', re.MULTILINE | re.DOTALL)
_VERSION = re.compile(r'^\s*version\s*=\s*"([^"]+)"$', re.MULTILINE)
_HASH = re.compile(r'^\s*"((?:h1|zh):[A-Za-z0-9+/=]+)",$', re.MULTILINE)
_RELATIONS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, kw_only=True)
class Locked:
    """A provider of a lock: its block as it is written, version, and hashes (``h1:`` of an unpacked package for one
    platform, ``zh:`` of its archive)."""

    block: str
    version: str
    hashes: tuple[str, ...]


@functools.cache
def engine_of(program: Path) -> str:
    """``opentofu`` or ``terraform``, by what ``program version`` says first. Raises OperationError for others."""
    finished = subprocess.run([program, "version"], capture_output=True, text=True, check=False)
    for engine, words in (("opentofu", "OpenTofu v"), ("terraform", "Terraform v")):
        if words in finished.stdout:
            return engine
    raise OperationError(f"{program} is neither OpenTofu nor Terraform", remedy="name one of them by --engine")


@dataclass(frozen=True, kw_only=True)
class Lock:
    """The lock of ``engine`` in ``directory``."""

    engine: str
    directory: Path = DIRECTORY

    @property
    def path(self) -> Path:
        return self.directory / f"{self.engine}.lock.hcl"

    @property
    def text(self) -> str:
        """What the file holds; empty where there is none."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""

    @property
    def digest(self) -> str:
        """By which one lock is told from another; empty where there is none."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else ""

    def address(self, source: str) -> str:
        """``hashicorp/aws`` with the registry that the engine takes it from."""
        return source if source.count("/") == 2 else f"{REGISTRIES[self.engine]}/{source}"

    def entries(self) -> Mapping[str, Locked]:
        """Address → provider. Raises OperationError where a block lacks version or hashes."""
        found = {}
        for match in _BLOCK.finditer(self.text):
            version, hashes = _VERSION.search(match[0]), tuple(_HASH.findall(match[0]))
            if version is None or not hashes:
                raise self._wrong(f"{match['address']} has no version or no hashes")
            found[match["address"]] = Locked(block=match[0], version=version[1], hashes=hashes)
        return found

    def part(self, required: Mapping[str, Mapping[str, str]]) -> str:
        """The text of ``.terraform.lock.hcl`` for a root with these ``required_providers``.

        Raises OperationError where a provider isn't in the lock, or its version isn't admitted.
        """
        entries = self.entries()
        blocks = {}
        for wanted in required.values():
            address = self.address(wanted["source"])
            if address not in entries:
                raise self._wrong(f"{address} isn't there")
            if not admits(wanted.get("version", ""), entries[address].version):
                raise self._wrong(f"{address} is {entries[address].version}, and the JSON admits {wanted['version']}")
            blocks[address] = entries[address].block
        return _HEAD.format(engine=self.engine) + "\n".join(blocks[address] for address in sorted(blocks))

    def problems(self, required: Iterable[Mapping[str, Mapping[str, str]]]) -> list[str]:
        """What the lock lacks for roots that need ``required``: providers, versions, platforms."""
        found = set()
        for each in required:
            try:
                self.part(each)
            except OperationError as error:
                found.add(str(error).partition("\nNext: ")[0])
        for address, entry in self.entries().items():
            count = sum(1 for text in entry.hashes if text.startswith("h1:"))
            if count < len(PLATFORMS):
                found.add(f"{self.path.name}: {address} has hashes for {count} of {len(PLATFORMS)} platforms")
        return sorted(found)

    def place(self, directory: Path) -> tuple[str, ...]:
        """Write the part of the root in ``directory`` beside its JSON. Returns what `init` is told then; without a
        lock nothing, and what lies there stays."""
        if not self.text:
            return ()
        (directory / LOCK_FILE).write_text(self.part(required_by(directory)), encoding="utf-8")
        return (READ_ONLY,)

    def _wrong(self, why: str) -> OperationError:
        return OperationError(
            f"{self.path.name}: {why}", remedy="run `python -m idp providers lock`, review the difference and commit it"
        )


def required_by(directory: Path) -> Mapping[str, Mapping[str, str]]:
    """``required_providers`` of the JSON in ``directory``: name → source and version."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(directory.glob("*.tf.json")):
        document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found |= document.get("terraform", {}).get("required_providers", {})
    return found


def admits(constraints: str, version: str) -> bool:
    """Whether ``version`` is within ``constraints``, such as ``>= 5.100.0, < 7.0.0``. Raises OperationError."""
    for each in filter(None, (text.strip() for text in constraints.split(","))):
        relation, _, bound = each.rpartition(" ")
        try:
            held = _RELATIONS[relation.strip() or "="](_numbers(version), _numbers(bound))
        except (KeyError, ValueError):
            remedy = "write it with >=, <, = or != and numbers, as every stack's JSON does"
            raise OperationError(f"constraint {each!r} of {version} isn't understood", remedy=remedy) from None
        if not held:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def home() -> Path | None:
    """Where locks go: IDP_PROVIDERS, else in the repository; None where the variable is empty, as in the sandbox."""
    given = os.environ.get("IDP_PROVIDERS", str(DIRECTORY))
    return Path(given) if given else None


def locks() -> Path | None:
    """Where locks are; None where there are none."""
    directory = home()
    return directory if directory and any(directory.glob("*.lock.hcl")) else None
