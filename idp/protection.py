"""What protects resources from destruction, and the override that takes it away for a teardown. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from idp.output import Stack

Policy = Literal["retain", "snapshot", "drop"]

# Arguments that AWS or the provider checks when it destroys: type → argument → the value that lets go.
FLAGS: Mapping[str, Mapping[str, Any]] = {
    "aws_cognito_user_pool": {"deletion_protection": "INACTIVE"},
    "aws_db_instance": {"deletion_protection": False},
    "aws_dynamodb_table": {"deletion_protection_enabled": False},
    "aws_lb": {"enable_deletion_protection": False},
    "aws_networkfirewall_firewall": {
        "delete_protection": False,
        "firewall_policy_change_protection": False,
        "subnet_change_protection": False,
    },
    "aws_rds_cluster": {"deletion_protection": False},
    "aws_route53_resolver_firewall_rule_group_association": {"mutation_protection": "DISABLED"},
}
# Arguments that also delete what people put into the resource: only where the policy drops data.
CONTENTS: Mapping[str, Mapping[str, Any]] = {
    "aws_backup_vault": {"force_destroy": True},
    "aws_ecr_repository": {"force_delete": True},
    "aws_route53_zone": {"force_destroy": True},
    "aws_s3_bucket": {"force_destroy": True},
    # 0 days: the name is free at once. Otherwise Secrets Manager keeps a secret for its recovery window.
    "aws_secretsmanager_secret": {"recovery_window_in_days": 0},
}
SNAPSHOTTED = ("aws_rds_cluster", "aws_db_instance")
# The target is named through its policy, so that no log is sent before it is allowed.
_BUCKET = re.compile(r"^\$\{aws_s3_bucket(?:_[a-z_]+)?\.([a-z0-9_]+)\.(?:bucket|id)\}$")
_KEY = re.compile(r"^\$\{(aws_kms_key\.[a-z0-9_]+)\.arn\}$")
# Of an encryption's rule, somewhere in it.
_KEYS = re.compile(r"\$\{(aws_kms_key\.[a-z0-9_]+)\.arn\}")
_VAULT = re.compile(r"^\$\{(aws_backup_vault\.[a-z0-9_]+)\.name\}$")
# Services that write logs into a bucket, by the argument that names it.
_WRITERS = {
    "aws_cloudtrail": "s3_bucket_name",
    "aws_config_delivery_channel": "s3_bucket_name",
    "aws_s3_bucket_logging": "target_bucket",
}


@dataclass(frozen=True, kw_only=True)
class Release:
    """How one stack is let go. ``override`` goes beside its JSON; ``changed`` are the addresses whose arguments must
    be applied before the destroy; ``kept`` leave the state undestroyed."""

    override: Mapping[str, Any]
    changed: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass
class _Builder:
    policy: Policy
    suffix: str
    bootstrap: bool
    resources: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def take(self, address: str, arguments: Mapping[str, Any]) -> None:
        kind, name = address.split(".")
        values = self._values(kind, arguments)
        if values:
            self.changed.append(address)
        block = dict(values)
        if prevents_destroy(arguments):
            # Only prevent_destroy: the engine merges lifecycle argument by argument, the others stay as they are
            # (Terraform documentation, "Override Files", merging behavior).
            block["lifecycle"] = {"prevent_destroy": False}
        if block:
            self.resources.setdefault(kind, {})[name] = block

    def _values(self, kind: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(FLAGS.get(kind, {}))
        # The bootstrap's buckets hold states, which end with their stacks, and the log of access to them.
        if self.policy == "drop" or (self.bootstrap and kind == "aws_s3_bucket"):
            values |= CONTENTS.get(kind, {})
        if kind in SNAPSHOTTED:
            values |= self._snapshot(arguments)
        return values

    def _snapshot(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if self.policy == "drop":
            return {"skip_final_snapshot": True, "delete_automated_backups": True}
        # A suffix, since the snapshot of an earlier teardown may still have the name.
        wanted = f"{arguments['final_snapshot_identifier']}-{self.suffix}"
        return {"skip_final_snapshot": False, "final_snapshot_identifier": wanted}


def release(stack: Stack, policy: Policy, suffix: str) -> Release:
    """How ``stack`` is let go under ``policy``; final snapshots are named with ``suffix``.

    Raises ValueError under ``retain``, which lets nothing go.
    """
    if policy == "retain":
        raise ValueError("deletion policy retain lets nothing go")
    builder = _Builder(policy, suffix, stack.is_bootstrap)
    for address, arguments in stack.resources():
        builder.take(address, arguments)
    kept = tuple(sorted(_kept(stack))) if policy == "snapshot" else ()
    override = {"resource": builder.resources} if builder.resources else {}
    return Release(override=override, changed=tuple(builder.changed), kept=kept)


def _kept(stack: Stack) -> set[str]:
    return {*snapshot_keys(stack), *log_buckets(stack), *vaults(stack)}


def snapshot_keys(stack: Stack) -> tuple[str, ...]:
    """Keys, with their aliases, that encrypt what a final snapshot is taken of.

    A snapshot has the key of its database; once that key is deleted nobody can restore it (Aurora User Guide,
    "Encrypting Amazon Aurora resources", and AWS KMS Developer Guide, "Deleting AWS KMS keys").
    """
    resources = dict(stack.resources())
    keys = set()
    for address, arguments in resources.items():
        found = _KEY.match(str(arguments.get("kms_key_id", "")))
        if address.split(".")[0] in SNAPSHOTTED and found:
            keys.add(found.group(1))
    return tuple(sorted(keys | _aliases(resources, keys)))


def _aliases(resources: Mapping[str, Mapping[str, Any]], keys: set[str]) -> set[str]:
    return {
        address
        for address, arguments in resources.items()
        if address.startswith("aws_kms_alias.")
        and any(f"${{{key}." in str(arguments.get("target_key_id", "")) for key in keys)
    }


def vaults(stack: Stack) -> tuple[str, ...]:
    """Vaults of AWS Backup with their locks, policies, keys and aliases: recovery points are snapshots, and the lock
    keeps them. A vault that holds some can't be deleted (AWS Backup API reference, DeleteBackupVault).
    """
    resources = dict(stack.resources())
    found = {address for address in resources if address.startswith("aws_backup_vault.")}
    parts = {
        address
        for address, arguments in resources.items()
        if address.startswith("aws_backup_vault_")
        and (named := _VAULT.match(str(arguments.get("backup_vault_name", ""))))
        and named.group(1) in found
    }
    keys = {key.group(1) for address in found if (key := _KEY.match(str(resources[address].get("kms_key_arn", ""))))}
    return tuple(sorted(found | parts | keys | _aliases(resources, keys)))


def log_buckets(stack: Stack) -> tuple[str, ...]:
    """Buckets that receive access logs, a trail or AWS Config's history, with what belongs to them (policy, encryption,
    lifecycle, lock), and the keys of their objects.

    Such a bucket is never empty when its stack ends: the requests of the teardown itself are logged, and delivered
    hours later (Amazon S3 User Guide, "Logging requests with server access logging"). Bootstrap's is emptied instead.
    """
    if stack.is_bootstrap:
        return ()
    resources = dict(stack.resources())
    targets = {
        found.group(1)
        for address, arguments in resources.items()
        if (writer := _WRITERS.get(address.split(".")[0])) and (found := _BUCKET.match(str(arguments.get(writer, ""))))
    }
    buckets = {f"aws_s3_bucket.{name}" for name in targets}
    theirs = {f"${{{bucket}.id}}" for bucket in buckets}
    parts = {
        address
        for address, arguments in resources.items()
        if address.startswith("aws_s3_bucket_") and arguments.get("bucket") in theirs
    }
    keys = {key for address in parts for key in _KEYS.findall(str(resources[address]))}
    return tuple(sorted(buckets | parts | keys | _aliases(resources, keys)))


def protected(stack: Stack) -> tuple[str, ...]:
    """Addresses that the stack's JSON protects by ``prevent_destroy``: what holds state or data."""
    return tuple(address for address, arguments in stack.resources() if prevents_destroy(arguments))


def prevents_destroy(arguments: Mapping[str, Any]) -> bool:
    """Whether a resource's ``lifecycle`` keeps the engine from destroying it."""
    lifecycle = arguments.get("lifecycle") or {}
    blocks = lifecycle if isinstance(lifecycle, list) else [lifecycle]
    return any(block.get("prevent_destroy") for block in blocks)
