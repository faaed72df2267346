"""The programs that are measured, and the environment that they run in."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.measure import Program
from tools.npm import node

ROOT = Path(__file__).resolve().parent.parent


def environment() -> Mapping[str, str]:
    """This process's, with the Node that is locked and without what would change an engine."""
    changing = ("NODE_OPTIONS", "NODE_COMPILE_CACHE", "CDKTF_OUTDIR", "CDK_OUTDIR")
    kept = {key: value for key, value in os.environ.items() if key not in changing}
    return kept | {"JSII_NODE": str(node())}


def stock(scratch: Path) -> Program:
    """A stock CDK for Terraform app of one VPC."""
    command = [sys.executable, str(ROOT / "bench" / "stock.py"), str(scratch / "stock")]
    return Program(label="stock CDKTF Python, one VPC", command=command, environment=environment())


def teams(count: int) -> list[dict[str, Any]]:
    """Entries of ``count`` teams."""
    quotas = {"cpu": "4", "memory": "8Gi"}
    return [{"name": team_name(number), "quotas": quotas, "members": ["octocat"]} for number in range(count)]


def team_name(number: int) -> str:
    return f"team-{number:04d}"


def output(scratch: Path, count: int) -> Path:
    """Where ``ours`` writes."""
    return scratch / f"ours-{count}"


def ours(scratch: Path, entries: Sequence[Mapping[str, Any]], *options: str) -> Program:
    """The shipped production deployment with the teams ``entries``; ``options`` are further ones of main.py."""
    document = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))
    document["context"].pop("deployments", None)
    document["context"]["deployment:teams"] = entries
    # A thousand teams promise more than the shipped pools hold.
    document["context"]["deployment:quotaOvercommit"] = 1000
    config = scratch / f"teams-{len(entries)}.json"
    config.write_text(json.dumps(document))
    out = output(scratch, len(entries))
    command = [sys.executable, str(ROOT / "main.py"), "--config", str(config), "--out", str(out), *options]
    return Program(label=f"production, {len(entries)} teams", command=command, environment=environment())
