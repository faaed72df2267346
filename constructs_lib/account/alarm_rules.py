"""Which calls to AWS raise an alarm: name → pattern over the trail's log group, CIS control, PCI requirements. Pure.

Sources: CIS AWS Foundations Benchmark v3.0.0, section 4 (the control's number here); patterns in the syntax of Amazon
CloudWatch Logs User Guide, "Filter pattern syntax for metric filters". All serve 10.4.1.1: machines review logs.
"""

from __future__ import annotations

from dataclasses import dataclass

REVIEW = "10.4.1.1"
# Amazon CloudWatch Logs API reference, PutMetricFilter: filterPattern.
PATTERN_MAX = 1024


@dataclass(frozen=True, kw_only=True)
class AlarmRule:
    """One alarm. ``pattern`` picks events of the trail, ``cis`` is the benchmark's control."""

    name: str
    pattern: str
    cis: str
    requirements: tuple[str, ...]
    says: str


def _calls(source: str, *names: str) -> str:
    """Events of service ``source`` by one of ``names``; of any service where ``source`` is empty."""
    named = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{ ($.eventSource = {source}) && ({named}) }}" if source else f"{{ {named} }}"


ALARMS: tuple[AlarmRule, ...] = (
    AlarmRule(
        name="unauthorized-calls",
        cis="4.1",
        # HeadBucket is how clients ask whether a bucket is there: a refusal is an answer to them.
        pattern='{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) '
        '&& ($.eventName != "HeadBucket") }',
        requirements=("10.2.1.4",),
        says="Calls to AWS were refused",
    ),
    AlarmRule(
        name="sign-in-without-mfa",
        cis="4.2",
        pattern='{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") '
        '&& ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
        requirements=("8.4.1", "10.2.1.4"),
        says="A user signed in to the console without a second factor",
    ),
    AlarmRule(
        name="root-use",
        cis="4.3",
        pattern='{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS '
        '&& $.eventType != "AwsServiceEvent" }',
        requirements=("8.2.2", "10.2.1.2"),
        says="The root user did something",
    ),
    AlarmRule(
        name="iam-policy-changes",
        cis="4.4",
        pattern=_calls(
            "iam.amazonaws.com",
            "DeleteGroupPolicy",
            "DeleteRolePolicy",
            "DeleteUserPolicy",
            "PutGroupPolicy",
            "PutRolePolicy",
            "PutUserPolicy",
            "CreatePolicy",
            "DeletePolicy",
            "CreatePolicyVersion",
            "DeletePolicyVersion",
            "AttachRolePolicy",
            "DetachRolePolicy",
            "AttachUserPolicy",
            "DetachUserPolicy",
            "AttachGroupPolicy",
            "DetachGroupPolicy",
        ),
        requirements=("10.2.1.5",),
        says="A policy of IAM was changed",
    ),
    AlarmRule(
        name="trail-changes",
        cis="4.5",
        pattern=_calls(
            "cloudtrail.amazonaws.com", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"
        ),
        requirements=("10.2.1.6", "10.7.2"),
        says="CloudTrail was changed, started or stopped",
    ),
    AlarmRule(
        name="sign-in-failures",
        cis="4.6",
        pattern='{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
        requirements=("10.2.1.4",),
        says="Signing in to the console failed",
    ),
    AlarmRule(
        name="key-deletion",
        cis="4.7",
        pattern=_calls("kms.amazonaws.com", "DisableKey", "ScheduleKeyDeletion"),
        requirements=("3.7.5", "10.2.1.7"),
        says="A key was disabled, or is to be deleted",
    ),
    AlarmRule(
        name="bucket-policy-changes",
        cis="4.8",
        pattern=_calls(
            "s3.amazonaws.com",
            "PutBucketAcl",
            "PutBucketPolicy",
            "PutBucketCors",
            "PutBucketLifecycle",
            "PutBucketReplication",
            "DeleteBucketPolicy",
            "DeleteBucketCors",
            "DeleteBucketLifecycle",
            "DeleteBucketReplication",
        ),
        requirements=("10.2.1.2", "10.2.1.7"),
        says="Who may reach a bucket, or how long it keeps objects, was changed",
    ),
    AlarmRule(
        name="config-changes",
        cis="4.9",
        pattern=_calls(
            "config.amazonaws.com",
            "StopConfigurationRecorder",
            "DeleteDeliveryChannel",
            "PutDeliveryChannel",
            "PutConfigurationRecorder",
        ),
        requirements=("10.7.2",),
        says="AWS Config was changed or stopped",
    ),
    AlarmRule(
        name="security-group-changes",
        cis="4.10",
        pattern=_calls(
            "ec2.amazonaws.com",
            "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "RevokeSecurityGroupEgress",
            "ModifySecurityGroupRules",
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
        ),
        requirements=("1.2.2", "10.2.1.7"),
        says="A security group was changed",
    ),
    AlarmRule(
        name="network-acl-changes",
        cis="4.11",
        pattern=_calls(
            "",
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
        ),
        requirements=("1.2.2", "10.2.1.7"),
        says="A network ACL was changed",
    ),
    AlarmRule(
        name="gateway-changes",
        cis="4.12",
        pattern=_calls(
            "",
            "CreateCustomerGateway",
            "DeleteCustomerGateway",
            "AttachInternetGateway",
            "CreateInternetGateway",
            "DeleteInternetGateway",
            "DetachInternetGateway",
        ),
        requirements=("1.2.2", "10.2.1.7"),
        says="A gateway of a network was changed",
    ),
    AlarmRule(
        name="route-changes",
        cis="4.13",
        pattern=_calls(
            "ec2.amazonaws.com",
            "CreateRoute",
            "CreateRouteTable",
            "ReplaceRoute",
            "ReplaceRouteTableAssociation",
            "DeleteRouteTable",
            "DeleteRoute",
            "DisassociateRouteTable",
        ),
        requirements=("1.2.2", "10.2.1.7"),
        says="A route was changed",
    ),
    AlarmRule(
        name="vpc-changes",
        cis="4.14",
        pattern=_calls(
            "",
            "CreateVpc",
            "DeleteVpc",
            "ModifyVpcAttribute",
            "AcceptVpcPeeringConnection",
            "CreateVpcPeeringConnection",
            "DeleteVpcPeeringConnection",
            "RejectVpcPeeringConnection",
        ),
        requirements=("1.2.2", "10.2.1.7"),
        says="A VPC was changed, or joined to another",
    ),
    AlarmRule(
        name="organization-changes",
        cis="4.15",
        pattern=_calls(
            "organizations.amazonaws.com",
            "AcceptHandshake",
            "AttachPolicy",
            "CreateAccount",
            "CreatePolicy",
            "DeclineHandshake",
            "DeletePolicy",
            "DetachPolicy",
            "DisablePolicyType",
            "EnablePolicyType",
            "InviteAccountToOrganization",
            "LeaveOrganization",
            "MoveAccount",
            "RemoveAccountFromOrganization",
            "UpdatePolicy",
        ),
        requirements=("10.2.1.2",),
        says="The organization, or a policy of it, was changed",
    ),
    AlarmRule(
        name="detection-changes",
        cis="none",
        pattern="{ (($.eventSource = guardduty.amazonaws.com) && (($.eventName = DeleteDetector) || "
        "($.eventName = UpdateDetector) || ($.eventName = StopMonitoringMembers))) || "
        "(($.eventSource = securityhub.amazonaws.com) && (($.eventName = DisableSecurityHub) || "
        "($.eventName = BatchDisableStandards))) || "
        "(($.eventSource = inspector2.amazonaws.com) && ($.eventName = Disable)) }",
        requirements=("10.7.2", "10.7.3"),
        says="What looks for intrusions was changed or switched off",
    ),
)
