"""Committed files that are generated from the models: write them, or check that they are current."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def command(path: Path, text: str, arguments: Sequence[str] | None = None) -> int:
    """``--write`` writes ``text`` to ``path``; ``--check`` exits 1 where the file differs."""
    parser = argparse.ArgumentParser()
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--write", action="store_true", help=f"write {path.name}")
    chosen.add_argument("--check", action="store_true", help="exit 1 where the file isn't current")
    given = parser.parse_args(arguments)
    current = path.read_text(encoding="utf-8") if path.exists() else None
    if current == text:
        return 0
    if given.check:
        print(f"{path.relative_to(ROOT)} isn't current; run `make docs`", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")
    return 0
