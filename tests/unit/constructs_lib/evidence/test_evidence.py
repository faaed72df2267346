"""What counts as meeting a requirement, on small stacks."""

from __future__ import annotations

import json

import pytest

from constructs_lib.evidence.evidence import Evidence, evidence

SERVED = {"//": {"controls": ["2.2.1", "12.4.2"]}}


def of(kind: str, requirement: str) -> Evidence:
    text = json.dumps({"resource": {kind: {"some": SERVED}}}, indent=2)
    return next(each for each in evidence({"idp-x": text}, {}) if each.requirement.id == requirement)


@pytest.mark.parametrize(
    ("kind", "requirement", "status"),
    [
        ("aws_launch_template", "2.2.1", "shared"),
        # To be told what others do isn't to do it.
        ("aws_config_conformance_pack", "2.2.1", "gap"),
        ("aws_securityhub_standards_subscription", "2.2.1", "gap"),
        # What is the customer's stays the customer's, with a resource that helps and without one.
        ("aws_config_conformance_pack", "12.4.2", "customer"),
        ("aws_launch_template", "12.4.1", "customer"),
        ("aws_launch_template", "1.4.4", "gap"),
    ],
)
def test_status(kind: str, requirement: str, status: str) -> None:
    assert of(kind, requirement).status == status


def test_a_test_for_a_requirement_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no requirement 1\.99\.1"):
        evidence({}, {"1.99.1": ["tests/test_x.py::test_x"]})
