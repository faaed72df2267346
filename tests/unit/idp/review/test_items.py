"""Tests of what a page lists: blocks with their lines, comments, references, and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from idp.output import read_output
from idp.review.items import Item, items_of, lines_of_keys
from idp.review.references import addresses_in, linked
from tests.unit.idp.review.output import write_stack

BUCKET = {"bucket": "logs", "//": {"controls": ["10.3.2"], "checkov": {"CKV_AWS_18": "It takes the logs of others."}}}


def items(out: Path) -> dict[str, Item]:
    stacks = read_output(out)
    return {item.id: item for item in linked([item for stack in stacks for item in items_of(stack)], stacks)}


@pytest.fixture
def two(tmp_path: Path) -> dict[str, Item]:
    """The items of a stack with a bucket, and of one that reads it."""
    write_stack(
        tmp_path,
        "idp-foundation-data",
        {
            "resource": {"aws_s3_bucket": {"logs": BUCKET}},
            "output": {"logs_arn": {"value": "${aws_s3_bucket.logs.arn}"}},
            "terraform": {"required_version": ">= 1.9"},
        },
    )
    release = {
        "chart": "./charts/base",
        "values": ['${file("${path.module}/values/base.yaml")}'],
        "depends_on": ["aws_iam_role.reader"],
    }
    role = {"name": "${data.terraform_remote_state.idp_foundation_data.outputs.logs_arn}-${local.suffix}"}
    write_stack(
        tmp_path,
        "idp-platform-reader",
        {
            "resource": {"aws_iam_role": {"reader": role}, "helm_release": {"base": release}},
            "locals": {"suffix": "a"},
        },
        reads=["idp-foundation-data"],
        files={"values/base.yaml": "a: 1\n", "charts/base/Chart.yaml": "name: base\n", "notes.txt": "not synth's"},
    )
    return items(tmp_path)


def test_a_block_has_its_comments_and_stands_at_its_lines(two: dict[str, Item], tmp_path: Path) -> None:
    bucket = two["idp-foundation-data/aws_s3_bucket.logs"]
    assert bucket.requirements == ("10.3.2",)
    assert [waiver.check for waiver in bucket.waivers] == ["CKV_AWS_18"]
    lines = (tmp_path / bucket.path).read_text().splitlines()
    assert lines[bucket.line - 1] == '      "logs": {'
    assert [line[6:] for line in lines[bucket.line : bucket.last_line]] == bucket.text.splitlines()[1:]


def test_each_block_and_file_is_listed_and_only_resources_are_resources(two: dict[str, Item]) -> None:
    named = {item.address: item.is_resource for item in two.values() if item.stack == "idp-platform-reader"}
    assert named == {
        "aws_iam_role.reader": True,
        "helm_release.base": True,
        "data.terraform_remote_state.idp_foundation_data": False,
        "local.suffix": False,
        "provider.aws": False,
        "charts/base/Chart.yaml": False,
        "values/base.yaml": False,
    }
    assert not two["idp-foundation-data/terraform"].is_resource


def test_references_lead_to_blocks_outputs_of_other_stacks_and_files(two: dict[str, Item]) -> None:
    assert two["idp-platform-reader/aws_iam_role.reader"].uses == (
        "idp-foundation-data/output.logs_arn",
        "idp-platform-reader/local.suffix",
    )
    assert two["idp-platform-reader/helm_release.base"].uses == (
        "idp-platform-reader/aws_iam_role.reader",
        "idp-platform-reader/charts/base/Chart.yaml",
        "idp-platform-reader/values/base.yaml",
    )
    assert two["idp-foundation-data/output.logs_arn"].used_by == ("idp-platform-reader/aws_iam_role.reader",)
    assert two["idp-foundation-data/aws_s3_bucket.logs"].used_by == ("idp-foundation-data/output.logs_arn",)


def test_only_expressions_refer() -> None:
    assert not set(addresses_in('{"description": "as aws_vpc.vpc does"}'))
    assert set(addresses_in('{"id": "${aws_vpc.vpc.id}/${data.x.y.z}"}')) == {"aws_vpc.vpc", "data.x.y"}


def test_keys_of_lists_move_no_block() -> None:
    text = '{\n  "resource": {\n    "a": {\n      "b": {\n        "c": [\n          {\n            "d": 1\n'
    text += '          }\n        ]\n      },\n      "e": {}\n    }\n  }\n}\n'
    found = lines_of_keys(text)
    assert (found["resource", "a", "b"], found["resource", "a", "e"]) == (4, 11)
