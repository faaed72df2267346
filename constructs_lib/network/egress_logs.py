"""Log groups of what leaves the VPC, or asks to: their key, and who may write to them."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy

from constructs_lib.checkov import short_retention
from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.kms.key import customer_managed_key
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack


class EgressLogs:
    """``key_arn`` encrypts the groups, and the firewall's own objects; ``delivery`` lets AWS write to the groups."""

    def __init__(self, stack: PlatformStack) -> None:
        self._stack = stack
        # AWS sums up what it writes to such groups in one policy (Amazon CloudWatch Logs User Guide, "Logs sent to
        # CloudWatch Logs", "Log group resource policy size limit considerations").
        self._prefix = f"/aws/vendedlogs/{stack.deployment.id}"
        description = "Rules of the firewall, its logs, and the log of DNS queries"
        key = customer_managed_key(stack, "egress", description=description, grants=[self._log_service()])
        stack.serves("aws_kms_key.egress", "10.3.1")
        self.key_arn = str(key.arn)
        self.delivery = stack.add(
            CloudwatchLogResourcePolicy,
            "egress",
            policy_name=stack.naming.name("egress-logs"),
            policy_document=policy_document(stack, "egress_logs", [self._delivery()]),
        )

    def group(self, name: str) -> str:
        """Add the log group ``name`` of this kind and return its full name."""
        days = self._stack.deployment.vpc.flow_log_retention_days
        full, at = f"{self._prefix}/{name}", f"aws_cloudwatch_log_group.{address(name)}"
        self._stack.waive(at, **short_retention(days))
        self._stack.serves(at, "10.3.3", *kept(days))
        self._stack.add(CloudwatchLogGroup, address(name), name=full, retention_in_days=days, kms_key_id=self.key_arn)
        return f"${{{at}.name}}"

    def _log_service(self) -> Statement:
        """CloudWatch Logs may use the key for these groups only.

        Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS", step 2.
        """
        return Statement(
            sid="LogGroups",
            actions=("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
            resources=("*",),
            principals={"Service": (f"logs.{self._stack.deployment.platform.region}.amazonaws.com",)},
            conditions=(when("ArnLike", "kms:EncryptionContext:aws:logs:arn", self._arn()),),
        )

    def _delivery(self) -> Statement:
        """Source: Amazon CloudWatch Logs User Guide, "Logs sent to CloudWatch Logs", "Log group resource policy"."""
        account = self._stack.deployment.platform.account
        return Statement(
            sid="LogsOfThisAccount",
            actions=("logs:CreateLogStream", "logs:PutLogEvents"),
            resources=(f"{self._arn()}:log-stream:*",),
            principals={"Service": ("delivery.logs.amazonaws.com",)},
            conditions=(
                when("StringEquals", "aws:SourceAccount", account),
                when("ArnLike", "aws:SourceArn", self._stack.naming.arn("logs", "*")),
            ),
        )

    def _arn(self) -> str:
        return self._stack.naming.arn("logs", f"log-group:{self._prefix}/*")
