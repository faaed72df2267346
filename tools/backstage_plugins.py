"""Check a Backstage app against our configuration: ``python -m tools.backstage_plugins <directory of the app>``.

Reads ``packages/backend/package.json`` and ``packages/app/package.json`` below the directory. Exit code 0: every
expected package is there; 1: some are missing, and listed; 2: a file can't be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from constructs_lib.components.catalog.backstage_plugins import missing


def dependencies(package: Path) -> list[str]:
    """Names of the packages that ``package`` (a package.json) depends on. Raises OSError or ValueError where it is no
    such file."""
    document = json.loads(package.read_text(encoding="utf-8"))
    found = document.get("dependencies", {}) if isinstance(document, dict) else None
    if not isinstance(found, dict):
        raise ValueError(f"{package}: no object with an object `dependencies`")
    return list(found)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m tools.backstage_plugins <directory of the Backstage app>", file=sys.stderr)
        return 2
    packages = Path(arguments[0]) / "packages"
    try:
        found = missing(
            dependencies(packages / "backend" / "package.json"), dependencies(packages / "app" / "package.json")
        )
    except (OSError, ValueError) as error:
        print(f"can't be read: {error}", file=sys.stderr)
        return 2
    for each in found:
        print(f"missing: {each}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
