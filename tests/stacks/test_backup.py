"""Tests of the stack foundation-backup: a locked vault, a plan, what it backs up, and copies elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.engine import App
from stacks.foundation.backup import BackupStack
from stacks.layers import build
from tests.iam_evaluator import Request, admitted
from tests.iam_json import policy
from tests.synth import StackJson

VAULT = {"deployment:backup:vault": True}
Synthesize = Callable[..., StackJson]


@pytest.fixture(scope="module")
def deployment_of(shipped_context: Mapping[str, Any]) -> Callable[..., Deployment]:
    from config.loader import load_one

    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    return lambda changes: load_one(keys | VAULT | changes, source="test.json")


@pytest.fixture(scope="module")
def stack(synth_stack: Synthesize, deployment_of: Callable[..., Deployment]) -> StackJson:
    return synth_stack(BackupStack, deployment_of({}))


def test_it_is_there_where_the_key_asks_for_it(deployment_of: Callable[..., Deployment]) -> None:
    def stacks(vault: bool) -> set[str]:
        return {stack.full_name for stack in build(App(), deployment_of({"deployment:backup:vault": vault}))}

    assert stacks(True) - stacks(False) == {"idp-foundation-backup"}


def test_it_comes_after_the_data_and_goes_before_it(stack: StackJson) -> None:
    states = stack.document["data"]["terraform_remote_state"]
    assert [state["config"]["key"] for state in states.values()] == ["idp-foundation-data"]


def test_the_vault_keeps_what_is_in_it_in_governance_mode(stack: StackJson) -> None:
    vault = stack.resource("aws_backup_vault.backups")
    assert vault["kms_key_arn"] == "${aws_kms_key.backups.arn}"
    assert vault["lifecycle"] == {"prevent_destroy": True}
    lock = stack.resource("aws_backup_vault_lock_configuration.backups")
    assert lock["min_retention_days"] == 35
    assert "changeable_for_days" not in lock


@pytest.mark.proves("12.10.1")
@pytest.mark.parametrize(
    ("action", "denied"),
    [
        ("backup:DeleteRecoveryPoint", True),
        ("backup:UpdateRecoveryPointLifecycle", True),
        ("backup:PutBackupVaultAccessPolicy", True),
        ("backup:StartRestoreJob", False),
    ],
)
def test_nobody_deletes_a_recovery_point_by_hand(stack: StackJson, action: str, denied: bool) -> None:
    (statement,) = policy(stack.statements("backups_vault"))["Statement"]
    allow = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "backup:*", "Resource": "*"}
    request = Request(action=action, resource="arn:aws:ec2:us-west-2::snapshot/snap-1")
    assert admitted(request, {"Statement": [statement, allow]}, "111122223333") is not denied


def test_the_plan_runs_before_auroras_own_window_and_keeps_as_long_as_the_lock(stack: StackJson) -> None:
    (rule,) = stack.resource("aws_backup_plan.daily")["rule"]
    assert rule["schedule"] == "cron(0 3 ? * * *)"
    assert rule["target_vault_name"] == "${aws_backup_vault.backups.name}"
    assert rule["lifecycle"] == {"delete_after": 35}
    assert "copy_action" not in rule


@pytest.mark.proves("12.10.1")
def test_it_backs_up_the_database_and_what_carries_the_tag(stack: StackJson) -> None:
    database = stack.resource("aws_backup_selection.database")
    assert database["resources"] == ["arn:aws:rds:us-west-2:111122223333:cluster:idp-database"]
    (tag,) = stack.resource("aws_backup_selection.tagged")["selection_tag"]
    assert tag == {"type": "STRINGEQUALS", "key": "idp-backup", "value": "daily"}


def test_the_database_that_it_names_is_the_one_of_the_data_stack(
    stack: StackJson, synth_stack: Synthesize, deployment_of: Callable[..., Deployment]
) -> None:
    from stacks.foundation.data import DataStack

    data = synth_stack(DataStack, deployment_of({}))
    name = data.resource("aws_rds_cluster.database")["cluster_identifier"]
    (arn,) = stack.resource("aws_backup_selection.database")["resources"]
    assert arn.endswith(f":cluster:{name}")


def test_copies_go_to_a_locked_vault_of_the_other_region_under_a_key_there(
    synth_stack: Synthesize, deployment_of: Callable[..., Deployment]
) -> None:
    stack = synth_stack(BackupStack, deployment_of({"deployment:backup:copyRegion": "eu-west-1"}))
    own, other = stack.document["provider"]["aws"]
    assert (own["region"], other["region"], other["alias"]) == ("us-west-2", "eu-west-1", "copy")
    assert other["allowed_account_ids"] == ["111122223333"]
    for kind in ("aws_backup_vault", "aws_backup_vault_lock_configuration", "aws_backup_vault_policy", "aws_kms_key"):
        assert stack.resource(f"{kind}.backup_copies")["provider"] == "aws.copy"
        assert "provider" not in stack.resource(f"{kind}.backups")
    (rule,) = stack.resource("aws_backup_plan.daily")["rule"]
    (copy,) = rule["copy_action"]
    assert copy["destination_vault_arn"] == "${aws_backup_vault.backup_copies.arn}"
