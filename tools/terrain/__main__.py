"""Synthesize the same sources under CDK for Terraform and CDK Terrain, and compare: ``python -m tools.terrain``.

Exit code 1 where a difference has no explanation in ``tools/terrain/explained.py``, or an explanation no difference.
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from constructs_lib.written import STACK_FILE, as_text
from tools.programs import ROOT
from tools.run import BuildError, run
from tools.terrain import home, providers
from tools.terrain.compare import Difference, Verdict, judge, of_directories
from tools.terrain.explained import EXPLAINED

# Directory of each side → its engine.
ENGINES = {"cdktf": "cdktf", "terrain": "cdktn"}
# Directory of each side → whether the bytes count. "engine" is what our synth never hands on.
PARTS = {"output": True, "engine": False}
REPORT = "differences.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / ".cache" / "terrain", help="the directory to write anew")
    out: Path = parser.parse_args().out
    try:
        verdict = compare(out)
    except BuildError as error:
        print(f"terrain: {error}", file=sys.stderr)
        return 1
    print("\n".join(lines(verdict)))
    print(f"terrain: all of it in {out / REPORT}")
    return 0 if verdict.good else 1


def compare(out: Path) -> Verdict:
    """Synthesize with both engines below ``out``, and write the differences there.

    Raises BuildError where the environment can't be made or a synth fails.
    """
    interpreters = dict(zip(ENGINES, (Path(sys.executable), home.python()), strict=True))
    shutil.rmtree(out, ignore_errors=True)
    for side, python in interpreters.items():
        _synthesize(python, out / side)
        print(f"terrain: {side}: {_size(out / side)}")
    verdict = judge(list(differences(out)), EXPLAINED)
    report = [dataclasses.asdict(found) | {"reason": reason} for found, reason in verdict.found]
    (out / REPORT).write_text(as_text(report), encoding="utf-8")
    return verdict


def differences(out: Path) -> Iterator[Difference]:
    """What differs between the two sides below ``out``; files are named by part and path."""
    for part, exact in PARTS.items():
        for found in of_directories(*(out / side / part for side in ENGINES), exact=exact):
            yield dataclasses.replace(found, file=f"{part}/{found.file}")


def lines(verdict: Verdict) -> Iterator[str]:
    """The verdict for people: how many differences each explanation holds, then what nothing explains."""
    for known in EXPLAINED:
        held = sum(known.fits(found) for found, _ in verdict.found)
        values = f"{known.files}: {known.path}: {known.cdktf!r} and {known.terrain!r}"
        yield f"terrain: {held} × {values}. {known.reason}"
    for found in verdict.unexplained:
        yield f"terrain: UNEXPLAINED {found.file}: {found.path}: {found.cdktf!r} and {found.terrain!r}"
    for known in verdict.needless:
        yield f"terrain: NEEDLESS {known.files}: {known.path}: occurs no more; take it out of explained.py"


def _synthesize(python: Path, directory: Path) -> None:
    made_from = ", ".join(
        f"{name} {version}" for name, version in providers.of(ENGINES[directory.name], python).items()
    )
    print(f"terrain: {directory.name}: bindings of {made_from}")
    began = time.monotonic()
    run([python, "main.py", "--out", directory / "output"], cwd=ROOT)
    print(f"terrain: {directory.name}: main.py took {time.monotonic() - began:.1f} s")
    run([python, "-m", "tools.terrain.engine_json", directory / "engine"], cwd=ROOT)


def _size(directory: Path) -> str:
    stacks = {part: len(list((directory / part).rglob(STACK_FILE))) for part in PARTS}
    return f"{stacks['output']} stacks in the output, {stacks['engine']} as the engine wrote them"


if __name__ == "__main__":
    sys.exit(main())
