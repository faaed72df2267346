"""Tests of the IAM stack's JSON: every role's trust, boundary and policy, as reviewers read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load_one
from constructs_lib.guardrails.rules import RULES
from constructs_lib.iam.workloads import workload_names
from stacks.foundation.iam import IamStack
from tests.synth import StackJson

ADMINISTRATOR = (
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-west-2/"
    "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
)
PEOPLE = ("admin", "operator", "viewer")


@pytest.fixture(scope="module")
def deployment(shipped_context: dict[str, Any]) -> Deployment:
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    return load_one(keys, source="test.json")


@pytest.fixture(scope="module")
def stack(synth_stack: Callable[..., StackJson], deployment: Deployment) -> StackJson:
    return synth_stack(IamStack, deployment)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id != "STK-2"], ids=lambda rule: rule.id)
def test_guardrails_hold(stack: StackJson, rule: Any) -> None:
    # STK-2 compares with the producers, which this single stack lacks.
    assert list(rule.check({stack.name: stack.document})) == []


def test_there_is_a_role_for_each_person_s_role_and_each_workload(stack: StackJson, deployment: Deployment) -> None:
    names = {role["name"] for role in stack.of_type("aws_iam_role").values()}
    # And one that a workload becomes.
    assert names == {f"idp-{name}" for name in (*PEOPLE, *workload_names(deployment), "analysis-secrets")}
    assert set(stack.outputs["workload_role_arns"]) == set(workload_names(deployment))


@pytest.mark.proves("7.3.2")
def test_every_role_carries_the_boundary(stack: StackJson) -> None:
    assert stack.resource("aws_iam_policy.boundary")["name"] == "idp-boundary"
    for role in stack.of_type("aws_iam_role").values():
        assert role["permissions_boundary"] == "${aws_iam_policy.boundary.arn}"


def test_what_teams_namespaces_receive_is_read_as_a_role_that_reads_nothing_else(stack: StackJson) -> None:
    (trust,) = stack.statements("analysis_secrets_trust")
    assert trust["principals"] == [{"type": "AWS", "identifiers": ["${aws_iam_role.external_secrets_sa.arn}"]}]
    assert trust["actions"] == ["sts:AssumeRole", "sts:TagSession"]
    (read,) = stack.statements("analysis_secrets")
    assert read["resources"] == ["arn:aws:secretsmanager:us-west-2:111122223333:secret:/idp/analysis/*"]
    assert not [action for action in read["actions"] if not action.startswith("secretsmanager:")]


@pytest.mark.proves("8.2.1", "8.2.2")
@pytest.mark.parametrize("name", PEOPLE)
def test_people_s_roles_trust_declared_identities_only(stack: StackJson, name: str) -> None:
    (trust,) = stack.statements(f"{name}_trust")
    assert trust["principals"] == [{"type": "AWS", "identifiers": [ADMINISTRATOR]}]


def test_declared_operators_and_viewers_replace_the_administrators(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    def person(name: str) -> dict[str, str]:
        role = ADMINISTRATOR.replace("AdministratorAccess_0123456789abcdef", f"{name}_fedcba9876543210")
        return {"username": name.lower(), "role": role, "email": f"{name.lower()}@example.com"}

    stack = synth_stack(
        IamStack,
        deployment_with(
            {"deployment:access:operators": [person("Engineers")], "deployment:access:viewers": [person("Readers")]}
        ),
    )
    trusted = {name: stack.statements(f"{name}_trust")[0]["principals"][0]["identifiers"] for name in PEOPLE}
    assert trusted == {
        "admin": [ADMINISTRATOR],
        "operator": [person("Engineers")["role"]],
        "viewer": [person("Readers")["role"]],
    }


@pytest.mark.proves("7.2.5", "8.6.1")
def test_workloads_are_trusted_by_pod_identity_of_this_cluster(stack: StackJson, deployment: Deployment) -> None:
    for name in workload_names(deployment):
        for trust in stack.statements(f"{name.replace('-', '_')}_trust"):
            assert trust["principals"] == [{"type": "Service", "identifiers": ["pods.eks.amazonaws.com"]}]
            values = {condition["variable"]: condition["values"] for condition in trust["condition"]}
            assert values["aws:SourceArn"] == ["arn:aws:eks:us-west-2:111122223333:cluster/idp-platform"]


def test_policy_variables_are_written_for_the_data_source(stack: StackJson) -> None:
    (objects,) = (s for s in stack.statements("argo_executor_sa") if s["sid"] == "Objects")
    assert objects["resources"] == [
        "arn:aws:s3:::idp-artifacts-example-org-111122223333-us-west-2/&{aws:PrincipalTag/kubernetes-namespace}/*"
    ]


def test_the_database_is_named_by_what_its_stack_declares(stack: StackJson) -> None:
    master = "${data.terraform_remote_state.foundation_data.outputs.database_master_secret_arn}"
    for role in ("admin", "database_bootstrap_sa"):
        (statement,) = (s for s in stack.statements(role) if s["sid"] == "MasterSecret")
        assert statement["resources"] == [master]


def test_team_roles_are_made_elsewhere(stack: StackJson) -> None:
    assert not [role["name"] for role in stack.of_type("aws_iam_role").values() if "team" in role["name"]]
