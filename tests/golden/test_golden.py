"""The shipped stacks are the reviewed ones. After a wanted change: `make golden`, read the diff, say why."""

from __future__ import annotations

import difflib
from pathlib import Path

from tests.synth import Synth

GOLDEN = Path(__file__).resolve().parent


def test_every_shipped_stack_has_a_golden_file_and_no_other_exists(shipped: Synth) -> None:
    assert {path.stem for path in GOLDEN.glob("*/*.json")} == {stack.name for stack in shipped.stacks()}


def test_the_shipped_stacks_are_the_golden_ones(shipped: Synth) -> None:
    changed = []
    for path in sorted(GOLDEN.glob("*/*.json")):
        now = (shipped.directory / "stacks" / path.stem / "cdk.tf.json").read_text(encoding="utf-8")
        changed += difflib.unified_diff(
            path.read_text(encoding="utf-8").splitlines(), now.splitlines(), path.stem, "now", lineterm="", n=2
        )
    assert not changed, "\n".join(changed[:200])
