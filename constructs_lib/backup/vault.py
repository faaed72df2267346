"""A vault of AWS Backup under a key of its own, locked: what is in it stays until its time is up."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.backup_vault import BackupVault
from cdktf_cdktf_provider_aws.backup_vault_lock_configuration import BackupVaultLockConfiguration
from cdktf_cdktf_provider_aws.backup_vault_policy import BackupVaultPolicy

from constructs_lib.engine import TerraformProvider, TerraformResourceLifecycle
from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

# AWS Config's rule backup-recovery-point-manual-deletion-disabled asks for these three.
_FORBIDDEN = ("backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy", "backup:UpdateRecoveryPointLifecycle")


def locked_vault(
    stack: PlatformStack, purpose: str, *, keep_days: int, provider: TerraformProvider | None = None
) -> BackupVault:
    """Vault ``<id>-<purpose>`` that keeps each recovery point for ``keep_days`` at least; ``provider`` is that of
    another region.

    Locked in governance mode: no ``changeable_for_days``, after which nobody, AWS included, could undo a lock or end
    the account's costs for it. Who may remove the lock is IAM's to say (docs/adr/0027).
    """
    name = address(purpose)
    key = customer_managed_key(stack, purpose, description="Copies that AWS Backup keeps", provider=provider)
    vault = stack.add(
        BackupVault,
        name,
        name=stack.naming.name(purpose),
        kms_key_arn=key.arn,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        provider=provider,
    )
    lock = stack.add(
        BackupVaultLockConfiguration,
        name,
        backup_vault_name=vault.name,
        min_retention_days=keep_days,
        provider=provider,
    )
    kept = Statement(
        sid="KeepRecoveryPoints",
        deny=True,
        actions=_FORBIDDEN,
        resources=("*",),
        principals={"AWS": ("*",)},
    )
    stack.add(
        BackupVaultPolicy,
        name,
        backup_vault_name=vault.name,
        policy=policy_document(stack, f"{name}_vault", [kept]),
        # Once it is there nobody can put another: it comes last.
        depends_on=[lock],
        provider=provider,
    )
    stack.serves(f"aws_backup_vault.{name}", "3.5.1", "9.4.1.1", "12.10.1")
    stack.serves(f"aws_backup_vault_lock_configuration.{name}", "12.10.1")
    stack.serves(f"aws_backup_vault_policy.{name}", "12.10.1")
    return vault
