"""``addresses.lock``: every resource address of the shipped stacks, as the golden JSON has them.

python -m tools.addresses --write    after `make golden`; refuses where an address is gone without a word
python -m tools.addresses --check    the same, and that the file is that of the golden JSON
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from constructs_lib.addresses import REMOVALS, Ledger, addresses, lost, parsed, rendered, stale
from constructs_lib.adoption import RENAMES
from tools.golden import GOLDEN, ROOT

LOCK = ROOT / "addresses.lock"
HOW = (
    "each state that holds such an address would lose the resource. Renamed: a row of RENAMES in\n"
    "constructs_lib/adoption.py, which makes the moved block. Meant to go: a row of REMOVALS in\n"
    "constructs_lib/addresses.py, with the reason. Then `make golden`. Neither: put the address back."
)


def now(golden: Path = GOLDEN) -> tuple[Ledger, set[str]]:
    """The ledger of the golden JSON, and the deployments' ids in it."""
    documents = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(golden.glob("*/*.json"))}
    ids = {each["provider"]["aws"][0]["default_tags"][0]["tags"]["deployment"] for each in documents.values()}
    return addresses(documents), ids


def problems(before: Ledger, after: Ledger, ids: set[str]) -> list[str]:
    """What is gone without a word, and rows that say nothing."""
    return [*map(str, lost(before, after, ids, renames=RENAMES, removals=REMOVALS)), *stale(RENAMES, REMOVALS)]


def main(arguments: list[str] | None = None, lock: Path = LOCK, golden: Path = GOLDEN) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--write", action="store_true")
    chosen.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    ledger, ids = now(golden)
    text = lock.read_text(encoding="utf-8") if lock.exists() else ""
    if found := problems(parsed(text), ledger, ids):
        print("\n".join([*found, HOW]), file=sys.stderr)
        return 1
    if options.check and text != rendered(ledger):
        print(f"{lock.name} is not that of tests/golden: run `make golden`", file=sys.stderr)
        return 1
    if options.write:
        lock.write_text(rendered(ledger), encoding="utf-8")
        print(f"{lock.name}: {sum(map(len, ledger.values()))} addresses of {len(ledger)} stacks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
