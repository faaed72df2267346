"""Tests of the data stack's JSON: what protects keys, database, buckets and secrets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load_one
from constructs_lib.data.cache import cache_subnets
from constructs_lib.engine import App
from constructs_lib.guardrails.rules import RULES
from stacks.foundation.data import DataStack
from tests.synth import StackJson

BUCKETS = ("access_logs", "artifacts", "backups", "techdocs")
KEYS = ("data", "ebs", "eks", "logs", "secrets")


@pytest.fixture(scope="module")
def stack(synth_stack: Callable[..., StackJson], shipped_context: dict[str, Any]) -> StackJson:
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    return synth_stack(DataStack, load_one(keys, source="test.json"))


@pytest.fixture(scope="module")
def cluster(stack: StackJson) -> Any:
    return stack.resource("aws_rds_cluster.database")


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id != "STK-2"], ids=lambda rule: rule.id)
def test_guardrails_hold(stack: StackJson, rule: Any) -> None:
    # STK-2 compares with the producers, which this single stack lacks.
    assert list(rule.check({stack.name: stack.document})) == []


@pytest.mark.proves("3.6.1", "3.6.1.4", "3.7.4", "3.7.7")
@pytest.mark.parametrize("key", KEYS)
def test_each_purpose_has_a_rotating_key_with_its_own_policy(stack: StackJson, key: str) -> None:
    arguments = stack.resource(f"aws_kms_key.{key}")
    assert arguments["enable_key_rotation"] is True
    assert arguments["lifecycle"]["prevent_destroy"] is True
    assert arguments["policy"] == f"${{data.aws_iam_policy_document.{key}_key.json}}"
    assert stack.resource(f"aws_kms_alias.{key}")["name"] == f"alias/idp-{key}"


def test_log_groups_are_encrypted_by_service_and_context(stack: StackJson) -> None:
    statement = next(s for s in stack.statements("logs_key") if s["sid"] == "LogGroups")
    assert statement["principals"] == [{"type": "Service", "identifiers": ["logs.us-west-2.amazonaws.com"]}]
    assert statement["condition"][0]["variable"] == "kms:EncryptionContext:aws:logs:arn"


def test_the_database_is_protected_from_deletion(cluster: Any, stack: StackJson) -> None:
    assert cluster["deletion_protection"] is True
    assert cluster["skip_final_snapshot"] is False
    assert cluster["final_snapshot_identifier"] == "idp-database-final"
    assert cluster["lifecycle"]["prevent_destroy"] is True
    for instance in stack.of_type("aws_rds_cluster_instance").values():
        assert instance["lifecycle"]["prevent_destroy"] is True


@pytest.mark.proves("3.5.1")
def test_the_database_is_encrypted_by_the_keys_of_their_purpose(cluster: Any) -> None:
    assert cluster["storage_encrypted"] is True
    assert cluster["kms_key_id"] == "${aws_kms_key.data.arn}"
    assert cluster["master_user_secret_kms_key_id"] == "${aws_kms_key.secrets.arn}"


@pytest.mark.proves("2.2.2", "8.6.2", "8.6.3")
def test_the_master_password_never_passes_through_terraform(cluster: Any) -> None:
    assert cluster["manage_master_user_password"] is True
    assert not {"master_password", "master_password_wo"} & set(cluster)


@pytest.mark.proves("2.2.7", "4.2.1")
def test_connections_need_tls(cluster: Any, stack: StackJson) -> None:
    group = stack.resource("aws_rds_cluster_parameter_group.database")
    parameters = {parameter["name"]: parameter["value"] for parameter in group["parameter"]}
    assert parameters["rds.force_ssl"] == "1"
    assert parameters["ssl_min_protocol_version"] == "TLSv1.2"
    assert parameters["log_connections"] == "1"
    assert group["family"] == "aurora-postgresql17"
    assert cluster["db_cluster_parameter_group_name"] == "${aws_rds_cluster_parameter_group.database.name}"


def test_identities_of_iam_may_log_in(cluster: Any) -> None:
    assert cluster["iam_database_authentication_enabled"] is True


def test_changes_wait_for_the_maintenance_window(cluster: Any, stack: StackJson) -> None:
    for arguments in (cluster, *stack.of_type("aws_rds_cluster_instance").values()):
        assert arguments["apply_immediately"] is False
        assert arguments["preferred_maintenance_window"] == "sun:09:30-sun:10:30"


@pytest.mark.proves("12.10.1")
def test_backups_are_kept_as_configured(cluster: Any) -> None:
    assert cluster["backup_retention_period"] == 14
    assert cluster["copy_tags_to_snapshot"] is True


def test_the_server_log_exists_before_rds_would_make_it(cluster: Any, stack: StackJson) -> None:
    group = stack.resource("aws_cloudwatch_log_group.database")
    assert group["name"] == "/aws/rds/cluster/idp-database/postgresql"
    assert group["retention_in_days"] == 90
    assert group["kms_key_id"] == "${aws_kms_key.logs.arn}"
    assert cluster["depends_on"] == ["aws_cloudwatch_log_group.database"]
    assert cluster["enabled_cloudwatch_logs_exports"] == ["postgresql"]


def test_capacity_and_version_are_those_of_the_deployment(cluster: Any) -> None:
    assert cluster["engine_version"] == "17.7"
    assert cluster["serverlessv2_scaling_configuration"] == {"min_capacity": 0.5, "max_capacity": 4}
    assert cluster["engine_lifecycle_support"] == "open-source-rds-extended-support-disabled"


@pytest.mark.proves("1.4.4")
def test_writer_and_reader_are_in_different_zones_and_not_public(stack: StackJson) -> None:
    instances = stack.of_type("aws_rds_cluster_instance")
    assert sorted(instances) == ["database_1", "database_2"]
    assert len({instance["availability_zone"] for instance in instances.values()}) == 2
    for instance in instances.values():
        assert instance["instance_class"] == "db.serverless"
        assert instance["publicly_accessible"] is False
        assert instance["auto_minor_version_upgrade"] is False
        assert instance["performance_insights_enabled"] is True
        assert instance["performance_insights_kms_key_id"] == "${aws_kms_key.data.arn}"
        assert instance["monitoring_interval"] == 60


def test_the_monitoring_role_serves_only_these_instances(stack: StackJson) -> None:
    (statement,) = stack.statements("rds_monitoring_trust")
    assert statement["principals"] == [{"type": "Service", "identifiers": ["monitoring.rds.amazonaws.com"]}]
    assert {condition["variable"]: condition["values"] for condition in statement["condition"]} == {
        "aws:SourceAccount": ["111122223333"],
        "aws:SourceArn": ["arn:aws:rds:us-west-2:111122223333:db:idp-database-*"],
    }


@pytest.mark.proves("1.3.1", "1.4.4")
def test_the_database_is_in_isolated_subnets_and_lets_nobody_in(stack: StackJson) -> None:
    subnets = stack.resource("aws_db_subnet_group.database")["subnet_ids"]
    assert len(subnets) == 3
    assert all("outputs.isolated_subnet_ids[" in subnet for subnet in subnets)
    assert not {"ingress", "egress"} & set(stack.resource("aws_security_group.database"))
    assert not any(kind.startswith("aws_vpc_security_group_") for kind, _, _ in stack.resources())


@pytest.mark.proves("3.5.1", "10.2.1")
@pytest.mark.parametrize("bucket", [bucket for bucket in BUCKETS if bucket != "access_logs"])
def test_buckets_are_encrypted_by_the_data_key_and_logged(stack: StackJson, bucket: str) -> None:
    (rule,) = stack.resource(f"aws_s3_bucket_server_side_encryption_configuration.{bucket}")["rule"]
    default = rule["apply_server_side_encryption_by_default"]
    assert default == {"sse_algorithm": "aws:kms", "kms_master_key_id": "${aws_kms_key.data.arn}"}
    logging = stack.resource(f"aws_s3_bucket_logging.{bucket}")
    assert logging["target_bucket"] == "${aws_s3_bucket_policy.access_logs.bucket}"
    assert logging["target_prefix"] == f"s3/{bucket}/"


def test_artifacts_tier_by_themselves_and_expire(stack: StackJson) -> None:
    (rule,) = stack.resource("aws_s3_bucket_lifecycle_configuration.artifacts")["rule"]
    assert rule["expiration"] == [{"days": 30}]
    assert rule["transition"] == [{"days": 0, "storage_class": "INTELLIGENT_TIERING"}]


@pytest.mark.proves("10.3.1")
def test_log_delivery_may_write_its_own_prefixes_only(stack: StackJson) -> None:
    (rule,) = stack.resource("aws_s3_bucket_server_side_encryption_configuration.access_logs")["rule"]
    assert rule["apply_server_side_encryption_by_default"] == {"sse_algorithm": "AES256"}
    allowed = {
        statement["principals"][0]["identifiers"][0]: statement["resources"][0].rsplit(":", 1)[-1].split("/", 1)[1]
        for statement in stack.statements("access_logs_bucket")
        if statement["effect"] == "Allow"
    }
    assert allowed == {
        "logging.s3.amazonaws.com": "s3/*",
        "logdelivery.elasticloadbalancing.amazonaws.com": "alb/*",
    }


@pytest.mark.proves("12.10.1")
def test_object_lock_of_backups_is_on_from_creation_when_asked(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment], stack: StackJson
) -> None:
    assert "object_lock_enabled" not in stack.resource("aws_s3_bucket.backups")
    locked = synth_stack(DataStack, deployment_with({"deployment:storage:backupObjectLockDays": 45}))
    assert locked.resource("aws_s3_bucket.backups")["object_lock_enabled"] is True
    rule = locked.resource("aws_s3_bucket_object_lock_configuration.backups")["rule"]
    assert rule["default_retention"]["days"] == 45
    (kept,) = locked.resource("aws_s3_bucket_lifecycle_configuration.backups")["rule"]
    assert kept["noncurrent_version_expiration"] == [{"noncurrent_days": 45}]


@pytest.mark.proves("8.3.2", "8.6.2")
def test_secrets_are_empty_containers_under_the_secrets_key(stack: StackJson) -> None:
    assert not stack.of_type("aws_secretsmanager_secret_version")
    secrets = stack.of_type("aws_secretsmanager_secret")
    assert secrets["db_backstage"]["name"] == "/idp/db/backstage"
    for secret in secrets.values():
        assert secret["kms_key_id"] == "${aws_kms_key.secrets.arn}"
        assert secret["recovery_window_in_days"] == 30
    assert set(stack.outputs["secret_arns"]) == {secret["name"] for secret in secrets.values()}


@pytest.mark.proves("7.3.3", "8.3.2")
def test_every_secret_refuses_other_accounts_and_plain_http(stack: StackJson) -> None:
    policies = stack.of_type("aws_secretsmanager_secret_policy")
    assert set(policies) == set(stack.of_type("aws_secretsmanager_secret"))
    for policy in policies.values():
        assert policy["policy"] == "${data.aws_iam_policy_document.secrets.json}"
        assert policy["block_public_policy"] is True
    denied = {statement["sid"]: statement for statement in stack.statements("secrets")}
    assert {statement["effect"] for statement in denied.values()} == {"Deny"}
    account = denied["DenyOtherAccounts"]["condition"][0]
    assert (account["variable"], account["values"]) == ("aws:PrincipalAccount", ["111122223333"])
    assert denied["DenyInsecureTransport"]["condition"][0]["variable"] == "aws:SecureTransport"


def test_a_cache_subnet_group_is_made_only_when_a_component_asks(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment], stack: StackJson
) -> None:
    class Asking(DataStack):
        def __init__(self, app: App, deployment: Deployment) -> None:
            super().__init__(app, deployment)
            cache_subnets(self, subnet_ids={"us-west-2a": "subnet-1"}, components={"argocd"})

    assert not stack.of_type("aws_elasticache_subnet_group")
    asked = synth_stack(Asking, deployment_with())
    assert asked.resource("aws_elasticache_subnet_group.cache")["subnet_ids"] == ["subnet-1"]
