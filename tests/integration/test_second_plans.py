"""Rung 3 and 6 for the second deployment, idp-pci: planned on the newest kept release's states, and judged.

Nothing is applied: that is the long rest (test_second_deployment).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.deployment import Deployment
from config.loader import load
from idp.diff.model import Entry
from idp.output import Stack
from sandbox.cycle import Sandbox
from tests.integration.conftest import ROOT, reasons_in, tofu
from tests.integration.kept import Kept, losses, restored
from tools import checkov
from tools.snapshot import KEPT, read, versions

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1200)]
NAME = "second"
# A network ACL has its rules, which are resources of their own, only once it was read again: the long rest does that.
REFRESHED = {"CKV_AWS_231"}


@pytest.fixture(scope="module")
def pci() -> Deployment:
    return next(each for each in load(ROOT / "cdktf.json") if each.id == "idp-pci")


@pytest.fixture(scope="module")
def kept(pci: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    sandbox = Sandbox(directory=tmp_path_factory.mktemp("second"), program=tofu(), config=ROOT / "cdktf.json")
    with restored(read(KEPT / versions()[-1]), [pci], sandbox) as found:
        yield found


@pytest.fixture(scope="module")
def holding(kept: Kept, pci: Deployment) -> list[Stack]:
    """Its stacks that hold resources of AWS."""
    return [stack for stack in kept.operation(kept.output(NAME, [pci]), pci).stacks if any(stack.resources())]


@pytest.fixture(scope="module")
def entries(kept: Kept, pci: Deployment, holding: list[Stack]) -> list[Entry]:
    return kept.plan(NAME, kept.output(NAME, [pci]), pci, [stack.name for stack in holding])


@pytest.fixture(scope="module")
def failed(kept: Kept, entries: list[Entry]) -> set[checkov.Finding]:
    del entries
    return checkov.in_plans(kept.plans(NAME))


@pytest.fixture(scope="module")
def reasons(kept: Kept, holding: list[Stack]) -> set[checkov.Finding]:
    return reasons_in(kept.whole(NAME), [stack.name for stack in holding])


def test_nothing_that_holds_data_goes(entries: list[Entry]) -> None:
    assert not losses(entries), "\n".join(losses(entries))


def test_the_plan_of_every_stack_with_resources_is_judged(
    kept: Kept, holding: list[Stack], failed: set[checkov.Finding]
) -> None:
    assert len(holding) > 15
    assert {path.stem for path in kept.plans(NAME).glob("*.json")} == {stack.name for stack in holding}
    assert failed


def test_every_failed_check_has_a_reason(failed: set[checkov.Finding], reasons: set[checkov.Finding]) -> None:
    assert checkov.lines(failed - reasons) == []


def test_every_reason_is_of_a_failed_check(failed: set[checkov.Finding], reasons: set[checkov.Finding]) -> None:
    shown = {each for each in reasons if not each.only_in_json and each.check not in REFRESHED}
    assert checkov.lines(shown - failed) == []
