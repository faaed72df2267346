"""Tests of what a teardown takes away, under each deletion policy."""

from __future__ import annotations

from typing import Any

import pytest

from idp.output import stacks_of
from idp.protection import log_buckets, protected, release, snapshot_keys
from tests.synth import Synth
from tests.unit.idp.output import stack

KEPT = {"lifecycle": {"prevent_destroy": True, "ignore_changes": ["tags"]}}
DATA: dict[str, Any] = {
    "aws_rds_cluster": {
        "database": KEPT
        | {
            "deletion_protection": True,
            "final_snapshot_identifier": "idp-database-final",
            "kms_key_id": "${aws_kms_key.data.arn}",
        }
    },
    "aws_kms_key": {"data": KEPT, "logs": KEPT},
    "aws_kms_alias": {
        "data": {"name": "alias/idp-data", "target_key_id": "${aws_kms_key.data.key_id}"},
        "logs": {"name": "alias/idp-logs", "target_key_id": "${aws_kms_key.logs.key_id}"},
    },
    "aws_s3_bucket": {"artifacts": KEPT, "access_logs": KEPT},
    "aws_s3_bucket_policy": {
        "access_logs": {"bucket": "${aws_s3_bucket.access_logs.id}"},
        "artifacts": {"bucket": "${aws_s3_bucket.artifacts.id}"},
    },
    "aws_s3_bucket_logging": {
        "artifacts": {
            "bucket": "${aws_s3_bucket.artifacts.id}",
            "target_bucket": "${aws_s3_bucket_policy.access_logs.bucket}",
        }
    },
    "aws_secretsmanager_secret": {"oauth": {"name": "oauth"}},
    "aws_security_group": {"database": {"name": "database"}},
}


AUDIT: dict[str, Any] = {
    "aws_kms_key": {"audit": KEPT, "alarms": KEPT},
    "aws_kms_alias": {
        "audit": {"target_key_id": "${aws_kms_key.audit.key_id}"},
        "alarms": {"target_key_id": "${aws_kms_key.alarms.key_id}"},
    },
    "aws_s3_bucket": {"audit": KEPT, "config": KEPT, "other": KEPT},
    "aws_s3_bucket_server_side_encryption_configuration": {
        "audit": {
            "bucket": "${aws_s3_bucket.audit.id}",
            "rule": [{"apply_server_side_encryption_by_default": {"kms_master_key_id": "${aws_kms_key.audit.arn}"}}],
        }
    },
    "aws_s3_bucket_object_lock_configuration": {"audit": {"bucket": "${aws_s3_bucket.audit.id}"}},
    "aws_cloudtrail": {"trail": {"s3_bucket_name": "${aws_s3_bucket.audit.id}"}},
    "aws_config_delivery_channel": {"recorder": {"s3_bucket_name": "${aws_s3_bucket.config.id}"}},
}
VAULTS: dict[str, Any] = {
    "aws_kms_key": {"backups": KEPT},
    "aws_kms_alias": {"backups": {"target_key_id": "${aws_kms_key.backups.key_id}"}},
    "aws_backup_vault": {"backups": KEPT | {"kms_key_arn": "${aws_kms_key.backups.arn}"}},
    "aws_backup_vault_lock_configuration": {"backups": {"backup_vault_name": "${aws_backup_vault.backups.name}"}},
    "aws_backup_vault_policy": {"backups": {"backup_vault_name": "${aws_backup_vault.backups.name}"}},
    "aws_backup_plan": {"daily": {"name": "daily"}},
}


def overridden(policy: Any, name: str = "idp-foundation-data") -> Any:
    return release(stack(name, resources=DATA), policy, "20260101-000000").override["resource"]


def test_only_prevent_destroy_is_taken_from_the_lifecycle() -> None:
    assert overridden("snapshot")["aws_kms_key"]["logs"] == {"lifecycle": {"prevent_destroy": False}}


def test_what_isnt_protected_is_not_overridden() -> None:
    assert "aws_security_group" not in overridden("drop")


def test_snapshot_keeps_a_final_snapshot_under_a_name_of_its_own() -> None:
    database = overridden("snapshot")["aws_rds_cluster"]["database"]
    assert database["skip_final_snapshot"] is False
    assert database["final_snapshot_identifier"] == "idp-database-final-20260101-000000"
    assert database["deletion_protection"] is False


def test_snapshot_empties_no_bucket_and_forgets_no_secret() -> None:
    resources = overridden("snapshot")
    assert "force_destroy" not in resources["aws_s3_bucket"]["artifacts"]
    assert "aws_secretsmanager_secret" not in resources


def test_snapshot_keeps_the_key_that_the_snapshot_needs_and_its_alias() -> None:
    kept = release(stack("idp-foundation-data", resources=DATA), "snapshot", "x").kept
    assert kept[:2] == ("aws_kms_alias.data", "aws_kms_key.data")


def test_snapshot_keeps_the_bucket_of_access_logs_with_its_policy_since_it_is_never_empty() -> None:
    kept = release(stack("idp-foundation-data", resources=DATA), "snapshot", "x").kept
    assert kept[2:] == ("aws_s3_bucket.access_logs", "aws_s3_bucket_policy.access_logs")


def test_snapshot_keeps_what_trail_and_recorder_wrote_and_the_key_of_it() -> None:
    kept = release(stack("idp-account", resources=AUDIT), "snapshot", "x").kept
    assert kept == (
        "aws_kms_alias.audit",
        "aws_kms_key.audit",
        "aws_s3_bucket.audit",
        "aws_s3_bucket.config",
        "aws_s3_bucket_object_lock_configuration.audit",
        "aws_s3_bucket_server_side_encryption_configuration.audit",
    )


def test_snapshot_keeps_vaults_with_their_locks_and_keys_and_ends_the_plan() -> None:
    kept = release(stack("idp-foundation-backup", resources=VAULTS), "snapshot", "x").kept
    assert kept == (
        "aws_backup_vault.backups",
        "aws_backup_vault_lock_configuration.backups",
        "aws_backup_vault_policy.backups",
        "aws_kms_alias.backups",
        "aws_kms_key.backups",
    )


def test_drop_takes_audit_logs_and_recovery_points_away() -> None:
    released = release(stack("idp-account", resources=AUDIT | VAULTS), "drop", "x")
    assert released.kept == ()
    assert released.override["resource"]["aws_backup_vault"]["backups"]["force_destroy"] is True
    assert released.override["resource"]["aws_s3_bucket"]["audit"]["force_destroy"] is True


def test_the_log_bucket_of_bootstrap_goes_with_it() -> None:
    assert log_buckets(stack("idp-bootstrap", resources=DATA)) == ()


def test_drop_deletes_contents_and_takes_no_snapshot() -> None:
    resources = overridden("drop")
    assert resources["aws_s3_bucket"]["artifacts"]["force_destroy"] is True
    assert resources["aws_secretsmanager_secret"]["oauth"] == {"recovery_window_in_days": 0}
    assert resources["aws_rds_cluster"]["database"]["skip_final_snapshot"] is True
    assert release(stack("idp-foundation-data", resources=DATA), "drop", "x").kept == ()


def test_buckets_of_bootstrap_are_emptied_under_any_policy_since_states_end_with_their_stacks() -> None:
    assert overridden("snapshot", "idp-bootstrap")["aws_s3_bucket"]["artifacts"]["force_destroy"] is True


def test_only_what_has_arguments_to_change_is_applied_before_the_destroy() -> None:
    changed = release(stack("idp-foundation-data", resources=DATA), "snapshot", "x").changed
    assert changed == ("aws_rds_cluster.database",)


def test_retain_lets_nothing_go() -> None:
    with pytest.raises(ValueError, match="retain"):
        release(stack("idp-foundation-data", resources=DATA), "retain", "x")


def test_every_shipped_resource_that_is_protected_is_released(shipped: Synth) -> None:
    for found in stacks_of(shipped.directory, "idp"):
        resources = release(found, "drop", "x").override.get("resource", {})
        for address in protected(found):
            kind, name = address.split(".")
            assert resources[kind][name]["lifecycle"] == {"prevent_destroy": False}, address


def test_the_shipped_database_keeps_its_key_under_snapshot(shipped: Synth) -> None:
    data = next(found for found in stacks_of(shipped.directory, "idp") if found.name == "idp-foundation-data")
    assert snapshot_keys(data) == ("aws_kms_alias.data", "aws_kms_key.data")
