"""The programs that are measured, and the environment that they run in."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def environment() -> Mapping[str, str]:
    """This process's, with the Node that is locked and without what would change the engine."""
    from tools.npm import node

    kept = {key: value for key, value in os.environ.items() if key not in ("NODE_OPTIONS", "CDKTF_OUTDIR")}
    return kept | {"JSII_NODE": str(node())}


def stock(scratch: Path) -> list[str]:
    """The command of the stock app."""
    return [sys.executable, str(ROOT / "bench" / "stock.py"), str(scratch / "stock")]


def teams(count: int) -> list[dict[str, Any]]:
    """Entries of ``count`` teams."""
    quotas = {"cpu": "4", "memory": "8Gi"}
    return [{"name": team_name(number), "quotas": quotas, "members": ["octocat"]} for number in range(count)]


def team_name(number: int) -> str:
    return f"team-{number:04d}"


def output(scratch: Path, count: int) -> Path:
    """Where ``ours`` writes."""
    return scratch / f"ours-{count}"


def ours(scratch: Path, entries: list[dict[str, Any]]) -> list[str]:
    """The command that synthesizes the shipped production deployment with the teams ``entries``."""
    document = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))
    document["context"].pop("deployments", None)
    document["context"]["deployment:teams"] = entries
    # A thousand teams promise more than the shipped pools hold.
    document["context"]["deployment:quotaOvercommit"] = 1000
    config = scratch / f"teams-{len(entries)}.json"
    config.write_text(json.dumps(document))
    out = output(scratch, len(entries))
    return [sys.executable, str(ROOT / "main.py"), "--config", str(config), "--out", str(out)]
