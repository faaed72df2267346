"""The conformance pack's rules: AWS managed rule → PCI DSS v4.0.1 requirement → parameters. Pure.

Identifiers and parameters are those of the AWS Config Developer Guide, "List of AWS Config Managed Rules". Left out are
rules that this platform breaks with a reason: scheduled rotation of secrets (jobs make values where they are checked),
MFA delete (which only the root user can set), object lock on every bucket (deliveries of AWS can't write to some).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, order=True)
class ManagedRule:
    """``identifier`` of AWS's rule, the ``requirement`` that it looks after, ``parameters`` by its own names."""

    identifier: str
    requirement: str
    parameters: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """The rule's name in the pack: ``cloud-trail-encryption-enabled``."""
        return self.identifier.lower().replace("_", "-")


def _rules(requirement: str, *identifiers: str) -> tuple[ManagedRule, ...]:
    return tuple(ManagedRule(identifier=identifier, requirement=requirement) for identifier in identifiers)


RULES: tuple[ManagedRule, ...] = (
    # Networks.
    *_rules("1.2.1", "VPC_DEFAULT_SECURITY_GROUP_CLOSED"),
    *_rules("1.3.1", "INCOMING_SSH_DISABLED", "NACL_NO_UNRESTRICTED_SSH_RDP"),
    ManagedRule(
        identifier="RESTRICTED_INCOMING_TRAFFIC",
        requirement="1.3.1",
        # File transfer in the clear, and databases; the rule's own defaults lack PostgreSQL.
        parameters={"blockedPort1": "20", "blockedPort2": "21", "blockedPort3": "3389", "blockedPort4": "5432"},
    ),
    *_rules(
        "1.4.4",
        "EC2_INSTANCE_NO_PUBLIC_IP",
        "EKS_ENDPOINT_NO_PUBLIC_ACCESS",
        "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
        "RDS_SNAPSHOTS_PUBLIC_PROHIBITED",
        "EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK",
        "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
        "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        "S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
    ),
    # Configuration.
    *_rules("2.2.6", "EC2_IMDSV2_CHECK"),
    # Stored data.
    *_rules(
        "3.5.1",
        "EC2_EBS_ENCRYPTION_BY_DEFAULT",
        "ENCRYPTED_VOLUMES",
        "RDS_CLUSTER_ENCRYPTED_AT_REST",
        "RDS_STORAGE_ENCRYPTED",
        "RDS_SNAPSHOT_ENCRYPTED",
        "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
        "DYNAMODB_TABLE_ENCRYPTED_KMS",
        "SNS_ENCRYPTED_KMS",
    ),
    *_rules("3.6.1", "EKS_SECRETS_ENCRYPTED", "SECRETSMANAGER_USING_CMK"),
    *_rules("3.7.4", "CMK_BACKING_KEY_ROTATION_ENABLED"),
    *_rules("3.7.5", "KMS_CMK_NOT_SCHEDULED_FOR_DELETION"),
    # Data on the way.
    *_rules(
        "4.2.1", "S3_BUCKET_SSL_REQUESTS_ONLY", "ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK", "ELBV2_ACM_CERTIFICATE_REQUIRED"
    ),
    ManagedRule(
        identifier="ACM_CERTIFICATE_EXPIRATION_CHECK", requirement="4.2.1", parameters={"daysToExpiration": "30"}
    ),
    # Software.
    *_rules("6.3.1", "INSPECTOR_EC2_SCAN_ENABLED", "INSPECTOR_ECR_SCAN_ENABLED", "ECR_PRIVATE_IMAGE_SCANNING_ENABLED"),
    *_rules("6.3.2", "ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED"),
    *_rules("6.4.2", "ALB_WAF_ENABLED"),
    # Who may do what.
    *_rules("7.2.1", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", "IAM_USER_NO_POLICIES_CHECK"),
    *_rules("7.2.4", "IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED"),
    *_rules("8.2.2", "IAM_ROOT_ACCESS_KEY_CHECK"),
    ManagedRule(
        identifier="IAM_USER_UNUSED_CREDENTIALS_CHECK", requirement="8.2.6", parameters={"maxCredentialUsageAge": "90"}
    ),
    *_rules("8.3.1", "RDS_CLUSTER_IAM_AUTHENTICATION_ENABLED"),
    ManagedRule(
        identifier="IAM_PASSWORD_POLICY",
        requirement="8.3.6",
        # As constructs_lib.account.singletons sets them.
        parameters={"MinimumPasswordLength": "14", "PasswordReusePrevention": "24", "MaxPasswordAge": "90"},
    ),
    ManagedRule(identifier="ACCESS_KEYS_ROTATED", requirement="8.6.3", parameters={"maxAccessKeyAge": "90"}),
    *_rules("8.4.1", "ROOT_ACCOUNT_MFA_ENABLED", "MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS", "IAM_USER_MFA_ENABLED"),
    # Logs.
    *_rules(
        "10.2.1",
        "MULTI_REGION_CLOUD_TRAIL_ENABLED",
        "VPC_FLOW_LOGS_ENABLED",
        "EKS_CLUSTER_LOGGING_ENABLED",
        "RDS_LOGGING_ENABLED",
        "S3_BUCKET_LOGGING_ENABLED",
        "ELB_LOGGING_ENABLED",
    ),
    *_rules("10.3.1", "CLOUD_TRAIL_ENCRYPTION_ENABLED", "CLOUDWATCH_LOG_GROUP_ENCRYPTED"),
    *_rules("10.3.3", "CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED"),
    *_rules("10.3.4", "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"),
    ManagedRule(
        identifier="CW_LOGGROUP_RETENTION_PERIOD_CHECK", requirement="10.5.1", parameters={"MinRetentionTime": "365"}
    ),
    # Detection, and recovery.
    *_rules("11.5.1", "GUARDDUTY_ENABLED_CENTRALIZED", "GUARDDUTY_EKS_PROTECTION_AUDIT_ENABLED"),
    *_rules("12.4.2", "SECURITYHUB_ENABLED"),
    *_rules(
        "12.10.1",
        "AURORA_RESOURCES_PROTECTED_BY_BACKUP_PLAN",
        "BACKUP_RECOVERY_POINT_ENCRYPTED",
        "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED",
        "RDS_CLUSTER_DELETION_PROTECTION_ENABLED",
        "DYNAMODB_PITR_ENABLED",
        "S3_BUCKET_VERSIONING_ENABLED",
    ),
)
