"""How Session Manager keeps what is typed and shown in sessions: encrypted, and in a log."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.ssm_document import SsmDocument

from constructs_lib.checkov import short_retention
from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.stack import PlatformStack

# The document of this name holds the preferences of all sessions in the account and region (AWS Systems Manager User
# Guide, "Create Session Manager preferences (command line)"): nobody starts a session past it by leaving a name out.
_PREFERENCES = "SSM-SessionManagerRunShell"
# Minutes. Requirement 8.2.8: a session that was idle for longer is authenticated again.
_IDLE, _LONGEST = "15", "480"


def logged_sessions(stack: PlatformStack, role: IamRole) -> None:
    """Sessions are encrypted with a key of their own between the two ends, and logged while they go on.

    What passes a forwarded port isn't logged, only that it was forwarded, by CloudTrail (AWS Systems Manager User
    Guide, "Logging session activity").
    """
    days, name = stack.deployment.audit.retention_days, f"/idp/{stack.deployment.id}/sessions"
    group_arn = stack.naming.arn("logs", f"log-group:{name}")
    description = "Sessions on the access host, and their log"
    key = customer_managed_key(stack, "sessions", description=description, grants=[_log_service(stack, group_arn)])
    stack.serves("aws_kms_key.sessions", "2.2.7", "10.3.1")
    stack.serves("aws_cloudwatch_log_group.sessions", "10.2.1.2", "10.3.3", *kept(days))
    stack.waive("aws_cloudwatch_log_group.sessions", **short_retention(days))
    group = stack.add(CloudwatchLogGroup, "sessions", name=name, retention_in_days=days, kms_key_id=key.arn)
    stack.serves("aws_ssm_document.sessions", "2.2.7", "8.2.8", "10.2.1.2")
    stack.add(
        SsmDocument,
        "sessions",
        name=_PREFERENCES,
        document_type="Session",
        document_format="JSON",
        content=_preferences(str(group.name), str(key.arn)),
    )
    stack.add(
        IamRolePolicy,
        "access_host_session_log",
        name="session-log",
        role=role.name,
        policy=policy_document(stack, "access_host_session_log", _of_the_host(stack, str(key.arn), group_arn)),
    )


def _preferences(group: str, key_arn: str) -> str:
    inputs = {
        "s3BucketName": "",
        "s3KeyPrefix": "",
        "s3EncryptionEnabled": True,
        "cloudWatchLogGroupName": group,
        "cloudWatchEncryptionEnabled": True,
        "cloudWatchStreamingEnabled": True,
        "kmsKeyId": key_arn,
        "runAsEnabled": False,
        "runAsDefaultUser": "",
        "idleSessionTimeout": _IDLE,
        "maxSessionDuration": _LONGEST,
        "shellProfile": {"linux": "", "windows": ""},
    }
    described = "Sessions are encrypted and logged"
    document = {"schemaVersion": "1.0", "description": described, "sessionType": "Standard_Stream", "inputs": inputs}
    return json.dumps(document, indent=2, sort_keys=True)


def _of_the_host(stack: PlatformStack, key_arn: str, group_arn: str) -> list[Statement]:
    """Source: AWS Systems Manager User Guide, "Create a custom IAM role for Session Manager"."""
    return [
        Statement(sid="DecryptSessions", actions=("kms:Decrypt",), resources=(key_arn,)),
        Statement(
            sid="WriteSessionLog",
            actions=("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            resources=(group_arn, f"{group_arn}:*"),
        ),
        Statement(
            sid="FindGroup",
            actions=("logs:DescribeLogGroups",),
            resources=(stack.naming.arn("logs", "log-group:*"),),
        ),
    ]


def _log_service(stack: PlatformStack, group_arn: str) -> Statement:
    """CloudWatch Logs may use the key for this log group only.

    Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS", step 2.
    """
    return Statement(
        sid="SessionLogGroup",
        actions=("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
        resources=("*",),
        principals={"Service": (f"logs.{stack.deployment.platform.region}.amazonaws.com",)},
        conditions=(when("ArnEquals", "kms:EncryptionContext:aws:logs:arn", group_arn),),
    )
