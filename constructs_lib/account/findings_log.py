"""What GuardDuty found and scanned, kept as long as audit logs are: GuardDuty itself keeps it for 90 days."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from cdktf_cdktf_provider_aws.kms_key import KmsKey

from constructs_lib.account.logs import MANAGED
from constructs_lib.account.names import FINDINGS, MALWARE_SCANS, findings_log_group
from constructs_lib.checkov import short_retention
from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

# Every finding, whatever its severity (GuardDuty User Guide, "Processing GuardDuty findings with EventBridge").
PATTERN = {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
# Both principals: Amazon EventBridge User Guide, "Using resource-based policies", CloudWatch Logs permissions.
_WRITERS = ("delivery.logs.amazonaws.com", "events.amazonaws.com")


def findings_log(stack: PlatformStack, key: KmsKey | None) -> None:
    """Log groups of a detector that is made here: of its findings, and of its scans for malware."""
    if stack.deployment.account.guardduty != MANAGED or key is None:
        return
    _findings(stack, _group(stack, key, FINDINGS, findings_log_group(stack.naming)))
    # GuardDuty writes here, and would make the group itself at the first scan (GuardDuty User Guide, "Understanding
    # CloudWatch Logs and reasons for skipping resources during Malware Protection for EC2 scan").
    _group(stack, key, "malware-scans", MALWARE_SCANS)


def _group(stack: PlatformStack, key: KmsKey, name: str, full_name: str) -> CloudwatchLogGroup:
    days, at = stack.deployment.audit.retention_days, f"aws_cloudwatch_log_group.{address(name)}"
    group = stack.add(CloudwatchLogGroup, address(name), name=full_name, retention_in_days=days, kms_key_id=key.arn)
    stack.serves(at, "10.3.3", *kept(days), *_antimalware(days))
    stack.waive(at, **short_retention(days))
    return group


def _findings(stack: PlatformStack, group: CloudwatchLogGroup) -> None:
    name, full_name = address(FINDINGS), stack.naming.name(FINDINGS)
    policy = stack.add(
        CloudwatchLogResourcePolicy,
        name,
        policy_name=full_name,
        policy_document=policy_document(stack, name, _writing(stack, full_name)),
    )
    rule = stack.add(
        CloudwatchEventRule,
        name,
        name=full_name,
        description="Findings of GuardDuty, all of them, go to a log group",
        event_pattern=json.dumps(PATTERN, sort_keys=True),
    )
    # Without a role: for a log group EventBridge goes by the policy alone.
    stack.add(CloudwatchEventTarget, name, rule=rule.name, arn=group.arn, depends_on=[policy])
    stack.serves(f"aws_cloudwatch_event_rule.{name}", "10.3.3", *_antimalware(stack.deployment.audit.retention_days))


def _antimalware(days: int) -> tuple[str, ...]:
    """What guards against malware logs, and keeps that as audit logs are kept: where those are kept long enough."""
    return ("5.3.4",) if kept(days) else ()


def _writing(stack: PlatformStack, rule: str) -> list[Statement]:
    """EventBridge makes streams in the group, and writes there what this rule sends."""
    streams = stack.naming.arn("logs", f"log-group:{findings_log_group(stack.naming)}:*")
    principals = {"Service": _WRITERS}
    this_rule = when("ArnEquals", "aws:SourceArn", stack.naming.arn("events", f"rule/{rule}"))
    return [
        Statement(sid="Streams", actions=("logs:CreateLogStream",), resources=(streams,), principals=principals),
        Statement(
            sid="Events",
            actions=("logs:PutLogEvents",),
            resources=(streams,),
            principals=principals,
            conditions=(this_rule,),
        ),
    ]
