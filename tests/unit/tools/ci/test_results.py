"""Plans as they are shown to people: addresses and actions, never a value; one that fails doesn't stop the rest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from idp.errors import Interrupted, OperationError
from tools.ci.results import Result, plans, read, table, write


def change(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    return {"address": address, "change": {"actions": [*actions], "before": {"password": "before-value"}}, **more}


PLAN = {
    "resource_changes": [
        change("aws_iam_role.a", "create"),
        change("aws_iam_role.b", "update"),
        change("aws_iam_role.c", "delete"),
        change("aws_vpc.d", "delete", "create"),
        change("aws_iam_role.e", "no-op"),
        change("data.aws_ami.f", "read", mode="data"),
    ],
    "output_changes": {"arn": {"actions": ["update"], "after": "after-value"}, "id": {"actions": ["no-op"]}},
}


def planned(stack: str) -> Mapping[str, Any] | None:
    if stack == "idp-broken":
        raise OperationError("idp-broken: error with a secret-value", remedy="look")
    return PLAN if stack == "idp-account" else None


@pytest.fixture
def results() -> list[Result]:
    return plans("idp", ["idp-broken", "idp-account", "idp-foundation-vpc"], planned, [].append)


def test_each_stack_is_planned_though_one_fails(results: list[Result]) -> None:
    assert [(each.stack, each.outcome) for each in results] == [
        ("idp-broken", "failed"),
        ("idp-account", "changes"),
        ("idp-foundation-vpc", "unchanged"),
    ]


def test_after_an_interrupt_nothing_more_is_planned() -> None:
    def stopped(stack: str) -> None:
        raise Interrupted(f"{stack} was stopped", remedy="again")

    with pytest.raises(Interrupted):
        plans("idp", ["idp-account"], stopped, print)


def test_changes_are_signs_and_addresses(results: list[Result]) -> None:
    assert results[1].changes == (
        "+ aws_iam_role.a",
        "~ aws_iam_role.b",
        "- aws_iam_role.c",
        "-/+ aws_vpc.d",
        "~ output arn",
    )


def test_files_hold_what_was_planned_and_no_value(results: list[Result], tmp_path: Path) -> None:
    path = tmp_path / "results" / "idp.json"
    write(results, path)
    assert read([path]) == results
    assert "value" not in path.read_text(encoding="utf-8") + table(results)


@pytest.mark.parametrize("text", ["no json", "{}", '[{"stack": "idp-account"}]', "[1]"])
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "idp.json").write_text(text, encoding="utf-8")
    with pytest.raises(OperationError, match="holds no results"):
        read([tmp_path / "idp.json"])


def test_the_table_counts_resources_and_says_what_is_replaced(results: list[Result]) -> None:
    text = table(results)
    assert "| `idp-broken` | **plan failed**" in text
    assert "| `idp-account` | 1 to add, 1 to change, 1 to destroy, 1 **to replace**, 1 of outputs |" in text
    assert "| `idp-foundation-vpc` | no changes |" in text


def test_an_address_can_not_end_the_code_block() -> None:
    text = table([Result(deployment="idp", stack="idp-account", outcome="changes", changes=('+ a.b["```\n@all"]',))])
    assert text.count("```") == 2
