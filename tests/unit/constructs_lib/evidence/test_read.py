"""Controls in the JSON: beside reasons for checkov, refused where they name nothing, ignored by everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.evidence.read import controls, paraphrase
from constructs_lib.synth import canonical
from stacks.foundation.data import DataStack
from tests.synth import StackJson

TEXT = json.dumps({"resource": {"aws_vpc": {"vpc": {"cidr_block": "10.0.0.0/16"}}}})
REASON = {"CKV_AWS_18": "A sentence that is long enough to be a reason."}


def test_they_stand_beside_the_arguments_and_are_read_again() -> None:
    document = json.loads(canonical(TEXT, controls={"aws_vpc.vpc": ("1.4.1",)}))
    assert document["resource"]["aws_vpc"]["vpc"]["//"] == {"controls": ["1.4.1"]}
    assert controls(document) == {"aws_vpc.vpc": ("1.4.1",)}


def test_they_join_the_reasons_for_checkov() -> None:
    document = json.loads(canonical(TEXT, {}, {"aws_vpc.vpc": REASON}, {"aws_vpc.vpc": ("1.4.1",)}))
    assert document["resource"]["aws_vpc"]["vpc"]["//"] == {"checkov": REASON, "controls": ["1.4.1"]}


def test_what_serves_nothing_has_no_comment() -> None:
    document = json.loads(canonical(TEXT, controls={"aws_vpc.vpc": ()}))
    assert "//" not in document["resource"]["aws_vpc"]["vpc"]
    assert controls(document) == {}


def test_an_address_that_the_stack_does_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match=r"aws_vpc\.other: controls for what the stack doesn't hold"):
        canonical(TEXT, controls={"aws_vpc.other": ("1.4.1",)})


@pytest.fixture
def data(synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]) -> Any:
    def synth(*requirements: str) -> StackJson:
        class Serving(DataStack):
            def __init__(self, *arguments: Any) -> None:
                super().__init__(*arguments)
                self.serves("aws_kms_key.data", *requirements)

        return synth_stack(Serving, deployment_with())

    return synth


def test_a_second_call_adds_in_the_order_of_the_standard(data: Callable[..., StackJson]) -> None:
    before = controls(data().document)["aws_kms_key.data"]
    assert "3.5.1" in before
    assert "12.5.1" not in before
    after = controls(data("12.5.1", "3.5.1", "2.2.1").document)["aws_kms_key.data"]
    assert after == ("2.2.1", *before, "12.5.1")


def test_a_requirement_that_the_catalog_lacks_is_refused(data: Callable[..., StackJson]) -> None:
    with pytest.raises(ValueError, match=r"idp-foundation-data: aws_kms_key\.data: 3\.99\.1 isn't in .*catalog"):
        data("3.99.1")


def test_a_requirement_has_words() -> None:
    assert paraphrase("10.5.1").startswith("Twelve months")
    with pytest.raises(KeyError):
        paraphrase("99.1.1")
