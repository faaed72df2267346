"""Tests of the bootstrap stack's JSON: the state's protection, and what planner, deployer and auditor may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from stacks.bootstrap.bootstrap import BootstrapStack
from tests.synth import StackJson, Synth

BUCKET = "idp-tfstate-example-org-111122223333-us-west-2"
ADMINISTRATOR = (
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-west-2/"
    "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
)

# What a resource's type begins with, where that isn't the prefix of its service's rights.
PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "cloudwatch_event": "events",
    "cloudwatch_log": "logs",
    "db": "rds",
    "networkfirewall": "network-firewall",
    "route53_resolver": "route53resolver",
} | dict.fromkeys(
    ("default", "ebs", "eip", "flow", "instance", "internet", "launch", "nat", "network", "route", "security")
    + ("subnet", "vpc"),
    "ec2",
)


def service(kind: str) -> str:
    """The prefix of the rights that manage a resource of type ``kind``."""
    first, *rest = kind.removeprefix("aws_").split("_")
    return PREFIXES.get("_".join([first, *rest[:1]])) or PREFIXES.get(first, first)


@pytest.fixture(scope="module")
def stack(shipped: Synth) -> StackJson:
    return shipped.stack("idp-bootstrap")


def statement(stack: StackJson, document: str, sid: str) -> Any:
    return next(found for found in stack.statements(document) if found["sid"] == sid)


@pytest.mark.proves("1.2.8")
def test_the_state_bucket_is_versioned_and_encrypted_by_its_own_key(stack: StackJson) -> None:
    assert stack.resource("aws_s3_bucket.tfstate")["bucket"] == BUCKET
    assert stack.resource("aws_s3_bucket_versioning.tfstate")["versioning_configuration"] == {"status": "Enabled"}
    (rule,) = stack.resource("aws_s3_bucket_server_side_encryption_configuration.tfstate")["rule"]
    assert rule["apply_server_side_encryption_by_default"] == {
        "sse_algorithm": "aws:kms",
        "kms_master_key_id": "${aws_kms_key.tfstate.arn}",
    }


def test_only_old_versions_of_states_expire(stack: StackJson) -> None:
    (rule,) = stack.resource("aws_s3_bucket_lifecycle_configuration.tfstate")["rule"]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 90}]
    assert "expiration" not in rule


def test_access_to_states_is_logged_into_another_bucket(stack: StackJson) -> None:
    assert stack.resource("aws_s3_bucket_logging.tfstate")["target_bucket"] == (
        "${aws_s3_bucket_policy.tfstate_logs.bucket}"
    )


@pytest.mark.proves("1.2.8")
def test_the_bucket_denies_plain_http_and_other_keys_but_not_a_put_that_names_none(stack: StackJson) -> None:
    assert statement(stack, "tfstate_bucket", "DenyInsecureTransport")["effect"] == "Deny"
    conditions = statement(stack, "tfstate_bucket", "DenyOtherKey")["condition"]
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    assert {"test": "Null", "variable": header, "values": ["false"]} in conditions
    (named,) = [found for found in conditions if found["test"] == "StringNotEquals"]
    assert named["values"] == [
        "${aws_kms_key.tfstate.arn}",
        "arn:aws:kms:us-west-2:111122223333:alias/idp-tfstate",
    ]


def test_the_lock_table_is_on_demand_encrypted_recoverable_and_protected(stack: StackJson) -> None:
    table = stack.resource("aws_dynamodb_table.tfstate_lock")
    assert table["billing_mode"] == "PAY_PER_REQUEST"
    assert table["hash_key"] == "LockID"
    assert table["point_in_time_recovery"] == {"enabled": True}
    assert table["server_side_encryption"] == {"enabled": True, "kms_key_arn": "${aws_kms_key.tfstate.arn}"}
    assert table["deletion_protection_enabled"] is True


@pytest.mark.proves("6.5.4")
def test_only_an_approved_job_of_the_deployment_branch_deploys_and_pull_requests_plan(stack: StackJson) -> None:
    def claims(role: str) -> dict[str, Any]:
        conditions = statement(stack, f"{role}_trust", "GitHubActions")["condition"]
        return {found["variable"].rpartition(":")[2]: found["values"] for found in conditions}

    repository, audience = "repo:example-org/aws-idp-infra", ["sts.amazonaws.com"]
    branch = "refs/heads/main"
    assert claims("deployer") == {"aud": audience, "sub": [f"{repository}:environment:idp"], "ref": [branch]}
    assert claims("planner") == {"aud": audience, "sub": [f"{repository}:pull_request", f"{repository}:ref:{branch}"]}


def test_tokens_that_name_the_repository_by_number_are_trusted_alone(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    stack = synth_stack(BootstrapStack, deployment_with({"deployment:ci:repositoryIds": "123456/456789"}))
    repository = "repo:example-org@123456/aws-idp-infra@456789"
    asked = {
        role: [found["values"] for found in statement(stack, f"{role}_trust", "GitHubActions")["condition"]]
        for role in ("deployer", "planner")
    }
    assert asked["deployer"][1] == [f"{repository}:environment:idp"]
    assert asked["planner"][1] == [f"{repository}:pull_request", f"{repository}:ref:refs/heads/main"]


def test_the_deployer_manages_every_service_that_the_stacks_have_resources_of(shipped: Synth) -> None:
    managed: dict[str, set[str]] = {}
    for stack in shipped.stacks():
        tags = stack.document["provider"]["aws"][0]["default_tags"][0]["tags"]
        managed.setdefault(tags["deployment"], set()).update(
            service(kind) for kind in stack.document.get("resource", {}) if kind.startswith("aws_")
        )
    for deployment, services in managed.items():
        granted = {
            action.partition(":")[0]
            for found in shipped.stack(f"{deployment}-bootstrap").statements("deployer")
            if found["effect"] == "Allow"
            for action in found["actions"]
            if action.endswith(":*")
        }
        # Rights in IAM are by name: only the deployment's own.
        assert services - granted == {"iam"}


def test_an_atlantis_role_is_trusted_and_no_ci_where_the_identity_provider_is_off(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    atlantis = "arn:aws:iam::111122223333:role/atlantis"
    stack = synth_stack(
        BootstrapStack,
        deployment_with({"deployment:ci:atlantisRole": atlantis, "deployment:account:githubOidc": "off"}),
    )
    for role in ("deployer", "planner"):
        assert {found["sid"] for found in stack.statements(f"{role}_trust")} == {"DeclaredIdentities", "RoleAdmin"}
        people = statement(stack, f"{role}_trust", "DeclaredIdentities")
        assert atlantis in people["principals"][0]["identifiers"]


def test_administrators_deploy_through_the_admin_role_too(stack: StackJson) -> None:
    for role in ("deployer", "planner"):
        trust = statement(stack, f"{role}_trust", "RoleAdmin")
        assert trust["principals"] == [{"type": "AWS", "identifiers": ["arn:aws:iam::111122223333:root"]}]
        (condition,) = trust["condition"]
        assert condition == {
            "test": "ArnEquals",
            "variable": "aws:PrincipalArn",
            "values": ["arn:aws:iam::111122223333:role/idp-admin"],
        }


def test_the_auditor_reads_states_and_takes_no_locks(stack: StackJson) -> None:
    actions = {action for found in stack.statements("auditor") for action in found["actions"]}
    assert "s3:GetObject" in actions
    assert not {action for action in actions if action.startswith("dynamodb:") or "Put" in action or "Delete" in action}
    (trust,) = stack.statements("auditor_trust")
    assert trust["principals"] == [{"type": "AWS", "identifiers": [ADMINISTRATOR]}]


@pytest.mark.proves("6.5.4", "7.2.2")
def test_the_planner_locks_but_changes_nothing_and_reads_no_contents(stack: StackJson) -> None:
    writes = {
        action
        for found in stack.statements("planner")
        if found["effect"] == "Allow" and not found["sid"].startswith("Lock")
        for action in found["actions"]
        if not action.split(":")[1].startswith(("Get", "List", "Describe", "Decrypt"))
    }
    assert writes == set()
    assert "secretsmanager:GetSecretValue" in statement(stack, "planner", "DenyContents")["actions"]
    assert statement(stack, "planner", "LockFiles")["resources"] == [f"arn:aws:s3:::{BUCKET}/idp-*.tflock"]


def test_the_deployer_makes_roles_under_the_deployments_names_only(stack: StackJson) -> None:
    for found in stack.statements("deployer"):
        if found["effect"] == "Allow" and "iam:CreateRole" in found["actions"]:
            assert all(":role/idp" in r or ":policy/idp" in r or "profile/idp" in r for r in found["resources"])
            break
    else:
        pytest.fail("no statement lets the deployer make roles")


def test_the_deployer_can_not_take_the_state_away(stack: StackJson) -> None:
    kept = statement(stack, "deployer", "KeepRemoteState")
    assert kept["effect"] == "Deny"
    assert {"s3:DeleteBucket", "s3:DeleteObjectVersion", "dynamodb:DeleteTable"} <= set(kept["actions"])
    assert statement(stack, "deployer", "KeepStateKey")["effect"] == "Deny"


@pytest.mark.parametrize(
    ("mode", "table", "lock_file"),
    [("dynamodb", "idp-tfstate-lock", None), ("s3", None, True), ("both", "idp-tfstate-lock", True)],
)
def test_the_backend_locks_as_configured(
    synth_stack: Callable[..., StackJson],
    deployment_with: Callable[..., Deployment],
    mode: str,
    table: str | None,
    lock_file: bool | None,
) -> None:
    stack = synth_stack(BootstrapStack, deployment_with({"deployment:state:lock": mode}))
    backend = stack.document["terraform"]["backend"]["s3"]
    assert backend.get("dynamodb_table") == table
    assert backend.get("use_lockfile") is lock_file
    # The table stays in every mode, so that the way back is open.
    assert "tfstate_lock" in stack.of_type("aws_dynamodb_table")
