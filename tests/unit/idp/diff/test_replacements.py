"""The table of arguments that force replacement, and what is refused by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from constructs_lib.guardrails.lifecycle import STATEFUL
from idp.diff.arguments import Argument
from idp.diff.refusal import refused
from idp.diff.replacements import TABLE, forces, table
from idp.output import read_output
from tests.synth import Synth
from tests.unit.idp.diff.output import found, resources


def test_every_type_of_the_table_is_one_that_we_make(shipped: Synth) -> None:
    made = {address.split(".")[0] for stack in read_output(shipped.directory) for address, _ in stack.resources()}
    assert {kind for rows in table().values() for kind in rows} - made == set()


def test_every_stateful_type_is_in_the_table() -> None:
    assert STATEFUL - table()["changed"].keys() == set()
    assert all(table()["changed"][kind] for kind in STATEFUL)


def test_the_table_is_sorted_and_names_its_sources() -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert "AWS provider 5.100.0" in text
    for rows in table().values():
        assert list(rows) == sorted(rows)
        assert all(list(names) == sorted(set(names)) for names in rows.values())
    assert len(re.findall(r"^  \w+:", text, re.MULTILINE)) == sum(len(rows) for rows in table().values())


@pytest.mark.parametrize(
    ("kind", "path", "after", "expected"),
    [
        ("aws_kms_key", "key_usage", '"x"', True),
        ("aws_kms_key", "key_usage_more", '"x"', False),
        ("aws_ecr_repository", "encryption_configuration[0].kms_key", '"x"', True),
        ("aws_eks_cluster", "encryption_config[0].provider.key_arn", '"x"', False),
        ("aws_eks_cluster", "encryption_config[0].provider.key_arn", "", True),
        ("aws_unheard_of", "name", '"x"', False),
    ],
)
def test_an_argument_forces_with_all_that_is_in_it(kind: str, path: str, after: str, expected: bool) -> None:
    assert forces(kind, Argument(path=path, before='"a"', after=after)) is expected


def test_only_what_holds_data_or_keys_is_refused(tmp_path: Path) -> None:
    before = resources(
        aws_kms_key={"gone": {}, "bare": {"lifecycle": {"prevent_destroy": True}}},
        aws_s3_bucket={"named": {"bucket": "a"}},
        aws_sqs_queue={"gone": {}},
        aws_iam_role={"named": {"name": "a"}},
    )
    after = resources(
        aws_kms_key={"bare": {}}, aws_s3_bucket={"named": {"bucket": "b"}}, aws_iam_role={"named": {"name": "b"}}
    )
    diff = found(tmp_path, before, after)
    for kinds, addresses in (
        (["destroyed"], {"aws_kms_key.gone"}),
        (["replaced"], {"aws_s3_bucket.named"}),
        (["unprotected"], {"aws_kms_key.bare"}),
        ([], set()),
    ):
        assert {entry.address for entry in refused(diff, kinds)} == addresses


def test_what_may_be_replaced_is_refused_too(tmp_path: Path) -> None:
    database = {"d": {"cluster_identifier": "idp", "db_subnet_group_name": "${aws_db_subnet_group.g.name}"}}
    before, after = (
        resources(aws_db_subnet_group={"g": {"name": name}}, aws_rds_cluster=database) for name in ("a", "b")
    )
    assert [entry.address for entry in refused(found(tmp_path, before, after), ["replaced"])] == ["aws_rds_cluster.d"]
