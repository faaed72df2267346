"""The golden JSON: every stack of the shipped deployments as last reviewed, under ``tests/golden/<environment>/``.

``python -m tools.golden --write`` writes it anew. Review the difference before you commit it and say why it changed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from config.loader import load
from constructs_lib.synth import STACK_FILE, render
from stacks.layers import build

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"


def rendered() -> dict[Path, str]:
    """Golden path → text as the code makes it now."""
    found = {}
    for deployment in load(ROOT / "cdktf.json"):
        for path, text in render([deployment], build).items():
            if path.endswith(STACK_FILE):
                found[GOLDEN / deployment.environment / f"{Path(path).parent.name}.json"] = text
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args()
    wanted = rendered()
    for path in GOLDEN.glob("*/*.json"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"golden: {len(wanted)} stacks written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
