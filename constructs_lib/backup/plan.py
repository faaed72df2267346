"""The plan that fills the vault each day: the database, and what carries the deployment's tag."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.backup_plan import (
    BackupPlan,
    BackupPlanRule,
    BackupPlanRuleCopyAction,
    BackupPlanRuleCopyActionLifecycle,
    BackupPlanRuleLifecycle,
)
from cdktf_cdktf_provider_aws.backup_selection import BackupSelection, BackupSelectionSelectionTag
from cdktf_cdktf_provider_aws.backup_vault import BackupVault

from constructs_lib.data.aurora import NAME as DATABASE
from constructs_lib.iam.role import role
from constructs_lib.iam.trust import compute_trust
from constructs_lib.stack import PlatformStack

NAME = "daily"
# UTC. Hours before Aurora's own window, in which AWS Backup can't start (AWS Backup Developer Guide, Amazon RDS).
SCHEDULE = "cron(0 3 ? * * *)"
_START_MINUTES, _COMPLETION_MINUTES = 60, 300


def backup_tag(deployment: str) -> str:
    """The tag key by which further resources join the plan, with value ``daily``: ``idp-pci-backup``."""
    return f"{deployment}-backup"


def daily_plan(stack: PlatformStack, vault: BackupVault, copy: BackupVault | None) -> None:
    """Back up once a day into ``vault``, and copy that to ``copy``; both keep it for ``backup.retention_days``."""
    days = stack.deployment.backup.retention_days
    copies = [
        BackupPlanRuleCopyAction(
            destination_vault_arn=copy.arn, lifecycle=BackupPlanRuleCopyActionLifecycle(delete_after=days)
        )
        for copy in ([copy] if copy else [])
    ]
    plan = stack.add(
        BackupPlan,
        NAME,
        name=stack.naming.name(NAME),
        rule=[
            BackupPlanRule(
                rule_name=NAME,
                target_vault_name=vault.name,
                schedule=SCHEDULE,
                schedule_expression_timezone="Etc/UTC",
                start_window=_START_MINUTES,
                completion_window=_COMPLETION_MINUTES,
                lifecycle=BackupPlanRuleLifecycle(delete_after=days),
                copy_action=copies or None,
            )
        ],
    )
    stack.serves(f"aws_backup_plan.{NAME}", "12.10.1")
    _selections(stack, plan)


def _selections(stack: PlatformStack, plan: BackupPlan) -> None:
    """Two, since resources and tags of one selection would be met by either or by both, as AWS Backup sees it.

    Aurora must be among the services that the account's region lets AWS Backup back up, as it is in new accounts (AWS
    Backup Developer Guide, "Assign resources with AWS CLI", shared resource types).
    """
    maker = role(
        stack,
        "backup",
        description="AWS Backup makes recovery points",
        # AWS Backup sends no source; who plans backups must be allowed to pass this role, in this account.
        trust=[compute_trust("backup.amazonaws.com")],
        managed=["service-role/AWSBackupServiceRolePolicyForBackup"],
    )
    role(
        stack,
        "restore",
        description="AWS Backup restores what a person chose",
        trust=[compute_trust("backup.amazonaws.com")],
        managed=["service-role/AWSBackupServiceRolePolicyForRestores"],
    )
    database = stack.naming.arn("rds", f"cluster:{stack.naming.name(DATABASE)}")
    stack.add(BackupSelection, "database", name=DATABASE, plan_id=plan.id, iam_role_arn=maker.arn, resources=[database])
    tag = BackupSelectionSelectionTag(type="STRINGEQUALS", key=backup_tag(stack.naming.deployment), value=NAME)
    stack.add(BackupSelection, "tagged", name="tagged", plan_id=plan.id, iam_role_arn=maker.arn, selection_tag=[tag])
    stack.serves("aws_backup_selection.database", "12.10.1")
