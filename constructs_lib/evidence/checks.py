"""Which checks of checkov show which requirements, on resources of which type.

Tests run checkov over all that is synthesized and planned: a check of this table that failed anywhere without a reason
would fail them. That checkov has each of them is tested against its own list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Types of resources that a check looks at, and the requirements that it shows for them."""

    kinds: tuple[str, ...]
    requirements: tuple[str, ...]


def _shown(kinds: str, *requirements: str) -> Shown:
    return Shown(kinds=tuple(f"aws_{kind}" for kind in kinds.split()), requirements=requirements)


_RULES = "security_group vpc_security_group_ingress_rule vpc_security_group_egress_rule"
_INGRESS = "security_group vpc_security_group_ingress_rule"

CHECKS: Mapping[str, Shown] = {
    "CKV2_AWS_1": _shown("network_acl subnet", "1.3.1", "1.3.2", "1.4.1"),
    "CKV2_AWS_10": _shown("cloudtrail", "10.3.3"),
    "CKV2_AWS_11": _shown("vpc", "10.2.1"),
    "CKV2_AWS_12": _shown("default_security_group", "1.3.1", "1.3.2"),
    "CKV2_AWS_27": _shown("rds_cluster_parameter_group", "10.2.1"),
    "CKV2_AWS_3": _shown("guardduty_detector", "5.2.1", "11.5.1"),
    "CKV2_AWS_40": _shown("iam_policy", "7.2.2"),
    "CKV2_AWS_45": _shown("config_configuration_recorder config_configuration_recorder_status", "2.2.1", "12.5.1"),
    "CKV2_AWS_6": _shown("s3_bucket_public_access_block", "1.4.4"),
    "CKV2_AWS_64": _shown("kms_key", "3.6.1", "3.7.7", "10.3.1"),
    "CKV2_AWS_63": _shown("networkfirewall_firewall", "10.2.1"),
    "CKV_AWS_7": _shown("kms_key", "3.7.4"),
    "CKV_AWS_8": _shown("instance", "3.5.1"),
    "CKV_AWS_9": _shown("iam_account_password_policy", "8.3.9"),
    "CKV_AWS_10": _shown("iam_account_password_policy", "8.3.6"),
    "CKV_AWS_12": _shown("iam_account_password_policy", "8.3.6"),
    "CKV_AWS_13": _shown("iam_account_password_policy", "8.3.7"),
    "CKV_AWS_17": _shown("rds_cluster_instance", "1.4.4"),
    "CKV_AWS_19": _shown("s3_bucket_server_side_encryption_configuration", "3.5.1"),
    "CKV_AWS_21": _shown("s3_bucket_versioning", "1.2.8", "10.3.2"),
    "CKV_AWS_23": _shown(_RULES, "1.2.1", "1.2.5"),
    "CKV_AWS_24": _shown(_INGRESS, "1.3.1"),
    "CKV_AWS_25": _shown(_INGRESS, "1.3.1"),
    "CKV_AWS_26": _shown("sns_topic", "10.3.1"),
    "CKV_AWS_33": _shown("kms_key", "3.6.1", "3.7.7", "10.3.1"),
    "CKV_AWS_35": _shown("cloudtrail", "10.3.1"),
    "CKV_AWS_36": _shown("cloudtrail", "10.3.2", "10.3.4"),
    "CKV_AWS_37": _shown("eks_cluster", "10.2.1", "10.2.1.2", "10.2.1.4", "10.2.1.5", "10.2.1.7"),
    "CKV_AWS_38": _shown("eks_cluster", "1.3.1"),
    "CKV_AWS_39": _shown("eks_cluster", "1.3.1"),
    "CKV_AWS_46": _shown("instance launch_template", "8.6.2"),
    "CKV_AWS_51": _shown("ecr_repository", "6.5.1"),
    "CKV_AWS_53": _shown("s3_bucket_public_access_block", "1.4.4"),
    "CKV_AWS_54": _shown("s3_bucket_public_access_block", "1.4.4"),
    "CKV_AWS_58": _shown("eks_cluster", "8.3.2"),
    "CKV_AWS_62": _shown("iam_policy", "7.2.2"),
    "CKV_AWS_63": _shown("iam_policy", "7.2.2", "7.2.5"),
    "CKV_AWS_67": _shown("cloudtrail", "10.2.1"),
    "CKV_AWS_79": _shown("instance launch_template", "2.2.6"),
    "CKV_AWS_88": _shown("instance launch_template", "1.4.2", "1.4.5"),
    "CKV_AWS_96": _shown("rds_cluster", "3.5.1"),
    "CKV_AWS_130": _shown("subnet", "1.4.2", "1.4.5"),
    "CKV_AWS_133": _shown("rds_cluster", "12.10.1"),
    "CKV_AWS_145": _shown("s3_bucket_server_side_encryption_configuration", "3.5.1"),
    "CKV_AWS_149": _shown("secretsmanager_secret", "8.3.2"),
    "CKV_AWS_158": _shown("cloudwatch_log_group", "10.3.1"),
    "CKV_AWS_163": _shown("ecr_repository", "6.3.1", "11.3.1"),
    "CKV_AWS_166": _shown("backup_vault", "3.5.1", "12.10.1"),
    "CKV_AWS_238": _shown("guardduty_detector", "5.2.1", "11.5.1"),
    "CKV_AWS_251": _shown("cloudtrail", "10.2.1"),
    "CKV_AWS_260": _shown(_INGRESS, "1.3.1"),
    "CKV_AWS_277": _shown(_INGRESS, "1.3.1"),
    "CKV_AWS_286": _shown("iam_policy", "7.2.2", "7.3.2"),
    "CKV_AWS_324": _shown("rds_cluster", "10.2.1"),
    "CKV_AWS_327": _shown("rds_cluster", "3.5.1"),
    "CKV_AWS_338": _shown("cloudwatch_log_group", "10.5.1"),
    "CKV_AWS_341": _shown("launch_template", "2.2.6"),
    "CKV_AWS_382": _shown("security_group vpc_security_group_egress_rule", "1.3.2"),
    "CKV_AWS_175": _shown("wafv2_web_acl", "6.4.2"),
    "CKV_AWS_192": _shown("wafv2_web_acl", "6.4.2"),
}
