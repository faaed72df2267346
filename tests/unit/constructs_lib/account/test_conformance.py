"""Tests of the conformance pack's table and template."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import pytest
from ruamel.yaml import YAML

from constructs_lib.account.conformance import TEMPLATE_MAX, template
from constructs_lib.account.conformance_rules import RULES, ManagedRule
from constructs_lib.evidence.catalog import unknown


@pytest.fixture(scope="module")
def known() -> Mapping[str, Any]:
    """AWS's managed rules with their parameters, as the local AWS server has them from AWS's documentation."""
    packed = (resources.files("moto.config") / "resources" / "aws_managed_rules.json.gz").read_bytes()
    found: Mapping[str, Any] = json.loads(gzip.decompress(packed))["ManagedRules"]
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.identifier)
def test_each_rule_is_one_of_aws_with_parameters_that_it_knows(rule: ManagedRule, known: Mapping[str, Any]) -> None:
    parameters = {each["Name"]: each for each in known[rule.identifier]["Parameters"]}
    assert set(rule.parameters) <= set(parameters)
    required = {name for name, each in parameters.items() if not each["Optional"] and "Default" not in each}
    assert required <= set(rule.parameters)


def test_each_requirement_is_one_of_the_standard() -> None:
    assert not unknown({rule.requirement for rule in RULES})


def test_the_template_is_yaml_whose_texts_stay_texts() -> None:
    resources_ = YAML(typ="safe").load(template())["Resources"]
    assert len(resources_) == len(RULES)
    parameters = resources_["IamPasswordPolicy"]["Properties"]["InputParameters"]
    assert parameters == {"MinimumPasswordLength": "14", "PasswordReusePrevention": "24", "MaxPasswordAge": "90"}


def test_the_template_is_the_same_in_any_order_and_short_enough() -> None:
    assert template(tuple(reversed(RULES))) == template()
    assert len(template().encode()) < TEMPLATE_MAX


def test_fails_for_a_rule_that_stands_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        template((RULES[0], RULES[0]))


def test_fails_for_more_than_aws_config_takes() -> None:
    many = [ManagedRule(identifier=f"RULE_{number}", requirement="1.2.1") for number in range(300)]
    with pytest.raises(ValueError, match="takes 51200"):
        template(many)
