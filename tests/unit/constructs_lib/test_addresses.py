"""The ledger of addresses: none leaves it without a rename or a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.addresses import REMOVALS, Removal, addresses, lost, parsed, rendered, stale
from constructs_lib.adoption import RENAMES, Rename, adoption
from tests.synth import Synth

IDS = ("idp", "idp-pci")
BEFORE = {
    "idp-foundation-data": frozenset({"aws_kms_key.data", "aws_kms_key.logs"}),
    "idp-pci-teams-payments": frozenset({"aws_iam_role.payments"}),
}


def without(stack: str, address: str, new: str = "") -> dict[str, frozenset[str]]:
    held = BEFORE[stack] - {address} | ({new} if new else set())
    return {**BEFORE, stack: frozenset(held)}


def test_an_address_that_is_gone_is_named_with_the_new_ones_of_its_type() -> None:
    (found,) = lost(BEFORE, without("idp-foundation-data", "aws_kms_key.logs", "aws_kms_key.journal"), IDS)
    assert str(found) == "idp-foundation-data/aws_kms_key.logs is gone (new there: aws_kms_key.journal)"


def test_a_stack_that_is_gone_takes_all_its_addresses_along() -> None:
    assert [each.address for each in lost(BEFORE, {}, IDS)] == [
        "aws_kms_key.data",
        "aws_kms_key.logs",
        "aws_iam_role.payments",
    ]


def test_a_rename_explains_it_where_the_new_address_is_there() -> None:
    row = Rename(stack="foundation-data", before="aws_kms_key.logs", after="aws_kms_key.journal")
    renamed = without("idp-foundation-data", "aws_kms_key.logs", "aws_kms_key.journal")
    assert lost(BEFORE, renamed, IDS, renames=(row,)) == []
    assert lost(BEFORE, without("idp-foundation-data", "aws_kms_key.logs"), IDS, renames=(row,)) != []


def test_rows_name_stacks_without_their_deployment_and_with_patterns() -> None:
    after = without("idp-pci-teams-payments", "aws_iam_role.payments", "aws_iam_role.deployer")
    row = Rename(stack="teams-*", before="aws_iam_role.payments", after="aws_iam_role.deployer")
    assert lost(BEFORE, after, IDS, renames=(row,)) == []
    # With the shorter id the stack would be called pci-teams-payments.
    assert lost(BEFORE, after, ("idp",), renames=(row,)) != []


def test_a_removal_explains_it_by_its_reason() -> None:
    row = Removal(stack="teams-*", address="aws_iam_role.*", reason="teams have no role any more")
    assert lost(BEFORE, without("idp-pci-teams-payments", "aws_iam_role.payments"), IDS, removals=(row,)) == []
    assert list(stale((), (row,))) == []
    assert len(list(stale((), (Removal(stack="*", address="*", reason=" "),)))) == 1


def test_a_rename_is_within_one_type() -> None:
    rows = (Rename(stack="*", before="aws_a.x", after="aws_b.x"), Rename(stack="*", before="aws_a.x", after="aws_a.x"))
    assert len(list(stale(rows, ()))) == 2


def test_rows_of_this_release_say_something() -> None:
    assert list(stale(RENAMES, REMOVALS)) == []


def test_what_a_rename_explains_has_its_moved_block(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with()
    stack = f"{deployment.id}-foundation-data"
    document = {"resource": {"aws_kms_key": {"data": {}, "journal": {}}}}
    row = Rename(stack="foundation-data", before="aws_kms_key.logs", after="aws_kms_key.journal")
    assert lost({stack: BEFORE[stack]}, addresses({stack: document}), IDS, renames=(row,)) == []
    assert adoption({stack: deployment}, {stack: document}, (row,)) == {
        stack: {"moved": [{"from": "aws_kms_key.logs", "to": "aws_kms_key.journal"}]}
    }


def test_the_file_is_read_as_it_was_written(shipped: Synth) -> None:
    ledger = addresses({stack.name: stack.document for stack in shipped.stacks()})
    assert parsed(rendered(ledger)) == {stack: held for stack, held in ledger.items() if held}
    assert rendered(ledger).splitlines() == sorted(rendered(ledger).splitlines())


def test_a_broken_line_is_refused() -> None:
    with pytest.raises(ValueError, match="is no <stack>/<type>.<name>"):
        parsed("<<<<<<< ours\n")
