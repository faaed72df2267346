"""The page of reasons: every one of the JSON's, at its address, under the check that it is for."""

from __future__ import annotations

from constructs_lib.checkov.checks import CHECKS
from tools.checkov_page import page


def test_a_reason_is_told_once_for_the_resources_of_a_stack_that_share_it() -> None:
    comment = {"//": {"checkov": {"CKV_AWS_18": "It receives the logs."}}}
    other = {"//": {"checkov": {"CKV_AWS_21": "Nobody replaces them.", "CKV_AWS_18": "Nobody reads it."}}}
    text = page({"idp-x": {"resource": {"aws_s3_bucket": {"a": comment, "b": comment, "c": other, "d": {}}}}})
    overview, *sections = text.split("\n## ")
    assert "| [CKV_AWS_18](#ckv_aws_18) | S3 buckets log who accesses them. | 3 |" in overview
    assert "| [CKV_AWS_21](#ckv_aws_21) | S3 buckets keep versions of their objects. | 1 |" in overview
    assert [section.split("\n")[0] for section in sections] == ["CKV_AWS_18", "CKV_AWS_21"]
    assert "| It receives the logs. | idp-x | `aws_s3_bucket.a`, `aws_s3_bucket.b` |" in sections[0]
    assert "| Nobody reads it. | idp-x | `aws_s3_bucket.c` |" in sections[0]


def test_data_sources_are_told_by_their_address() -> None:
    block = {"//": {"checkov": {"CKV_AWS_356": "It finds things."}}}
    assert "`data.aws_iam_policy_document.a`" in page({"idp-x": {"data": {"aws_iam_policy_document": {"a": block}}}})


def test_checks_are_told_in_sentences() -> None:
    assert [text for text in CHECKS.values() if not text.endswith(".")] == []
