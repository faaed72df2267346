"""Which version of its provider each package of bindings was generated from."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from constructs_lib.bindings import ENGINES


def of(engine: str, python: Path) -> dict[str, str]:
    """Provider ("aws") → its version, from the bindings of ``engine`` ("cdktf", "cdktn") that ``python`` has."""
    [packages] = (python.parent.parent / "lib").glob("python*/site-packages")
    bindings = list(ENGINES[engine].values())[1:]
    return dict(_provider(*(packages / name / "_jsii").glob("*.jsii.tgz")) for name in bindings)


def _provider(tarball: Path) -> tuple[str, str]:
    with tarfile.open(tarball) as archive:
        # The first of thousands of members: found by name, all of them would be read.
        member = next(member for member in archive if member.name == "package/package.json")
        file = archive.extractfile(member)
        assert file is not None
        # Both engines' packages have the key.
        provider = json.load(file)["cdktf"]["provider"]
    return provider["name"].rpartition("/")[2], provider["version"]
