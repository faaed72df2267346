"""Flow logs of the VPC: all traffic, to a log group of its own key."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy

from constructs_lib.checkov import short_retention
from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.network.vpc import Network
from constructs_lib.stack import PlatformStack


def flow_logs(stack: PlatformStack, network: Network) -> None:
    """Log accepted and rejected traffic for the configured number of days.

    The key is this stack's own, since the keys by purpose are made in a stack that comes later.
    """
    group_name = f"/aws/vpc/{stack.naming.name('flow-logs')}"
    group_arn = stack.naming.arn("logs", f"log-group:{group_name}")
    key = customer_managed_key(
        stack, "flow-logs", description="Flow logs of the VPC", grants=[_log_service(stack, group_arn)]
    )
    group = stack.add(
        CloudwatchLogGroup,
        "flow_logs",
        name=group_name,
        retention_in_days=stack.deployment.vpc.flow_log_retention_days,
        kms_key_id=key.arn,
    )
    stack.waive("aws_cloudwatch_log_group.flow_logs", **short_retention(stack.deployment.vpc.flow_log_retention_days))
    stack.serves("aws_kms_key.flow_logs", "10.3.1")
    stack.serves("aws_cloudwatch_log_group.flow_logs", "10.3.3", *kept(stack.deployment.vpc.flow_log_retention_days))
    stack.serves("aws_flow_log.vpc", "10.2.1", "10.2.2")
    role = _delivery_role(stack, group_arn)
    stack.add(
        FlowLog,
        "vpc",
        vpc_id=network.vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags={"Name": stack.naming.name("flow-logs")},
    )


def _log_service(stack: PlatformStack, group_arn: str) -> Statement:
    """CloudWatch Logs may use the key for this log group only.

    Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS", step 2.
    """
    return Statement(
        sid="FlowLogGroup",
        actions=("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
        resources=("*",),
        principals={"Service": (f"logs.{stack.deployment.platform.region}.amazonaws.com",)},
        conditions=(when("ArnEquals", "kms:EncryptionContext:aws:logs:arn", group_arn),),
    )


def _delivery_role(stack: PlatformStack, group_arn: str) -> IamRole:
    """The role that the flow log service writes with.

    Source: Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs"; the group exists, so the
    role can't create one.
    """
    trust = Statement(
        sid="FlowLogsOfThisAccount",
        actions=("sts:AssumeRole",),
        principals={"Service": ("vpc-flow-logs.amazonaws.com",)},
        conditions=(
            when("StringEquals", "aws:SourceAccount", stack.deployment.platform.account),
            when("ArnLike", "aws:SourceArn", stack.naming.arn("ec2", "vpc-flow-log/*")),
        ),
    )
    role = stack.add(
        IamRole,
        "flow_logs",
        name=stack.naming.name("flow-logs"),
        description="VPC flow logs write to their log group",
        assume_role_policy=policy_document(stack, "flow_logs_trust", [trust]),
    )
    write = Statement(
        sid="WriteStreams",
        actions=("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"),
        resources=(group_arn, f"{group_arn}:*"),
    )
    find = Statement(
        sid="FindGroup",
        actions=("logs:DescribeLogGroups",),
        resources=(stack.naming.arn("logs", "log-group:*"),),
    )
    stack.add(
        IamRolePolicy,
        "flow_logs",
        name="deliver",
        role=role.name,
        policy=policy_document(stack, "flow_logs_delivery", [write, find]),
    )
    return role
