"""``python -m bench``: our production deployment with 10 teams against a stock CDK for Terraform app and CDK EKS
Blueprints, alternating in one run; then with 10, 100 and 1,000 teams, and one changed team among the thousand.

Ratios are comparable from machine to machine, seconds aren't. Prints tables and whether each target is met, and writes
JSON to ``.cache/bench.json``. A missed target is said and fails nothing: the machine may be busy.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench import blueprints, curve, peers, scale
from bench.programs import ROOT
from tools.run import BuildError

RESULT = ROOT / ".cache" / "bench.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each program")
    rounds = parser.parse_args().rounds
    try:
        blueprints.prepare()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        result = {"peers": peers.run(peers.programs(Path(scratch)), rounds)}
    peers.show(result["peers"])
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        result["scale"] = scale.run(Path(scratch), rounds)
    curve.show(result["scale"])
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
