"""What the deployer may do besides, where a deployment has security services, backups, or restricted ways out. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from config.compliance import Egress
from config.deployment import Deployment
from constructs_lib.iam.document import Statement, when

# Field of ``deployment.account`` → services whose resources the account stack makes.
_SERVICES = {
    "cloudtrail": ("cloudtrail",),
    "config_recorder": ("config",),
    "guardduty": ("guardduty",),
    "security_hub": ("securityhub",),
    "access_analyzer": ("access-analyzer",),
    "macie": ("macie2",),
}
_PASSED = {"cloudtrail": "cloudtrail.amazonaws.com", "backup": "backup.amazonaws.com"}
_RECORDER = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


# What may leave the VPC → services that restrict it.
_EGRESS: Mapping[Egress, tuple[str, ...]] = {
    "open": (),
    "firewall": ("network-firewall", "route53resolver"),
    "none": ("route53resolver",),
}


def _made(deployment: Deployment) -> tuple[str, ...]:
    fields = [field for field in _SERVICES if getattr(deployment.account, field) == "managed"]
    return (*fields, *(["backup"] if deployment.backup.vault else []))


def security_services(deployment: Deployment) -> list[Statement]:
    """Nothing where the deployment makes none of them.

    ``backup-storage`` is how a vault gets its key; the service-linked role of AWS Config is passed to its recorder (AWS
    Backup and AWS Config Developer Guides, "Identity-based policies").
    """
    made = _made(deployment)
    services = sorted(
        {
            *(s for field in made for s in _SERVICES.get(field, ("backup", "backup-storage"))),
            *_EGRESS[deployment.vpc.egress],
        }
    )
    passed = sorted(_PASSED[field] for field in made if field in _PASSED)
    account = deployment.platform.account
    statements = []
    if services:
        actions = tuple(f"{service}:*" for service in services)
        statements.append(Statement(sid="SecurityServices", actions=actions, resources=("*",)))
    if passed:
        statements.append(
            Statement(
                sid="PassSecurityRoles",
                actions=("iam:PassRole",),
                resources=(f"arn:aws:iam::{account}:role/{deployment.id}-*",),
                conditions=(when("StringEquals", "iam:PassedToService", *passed),),
            )
        )
    if "config_recorder" in made:
        statements.append(
            Statement(
                sid="RecorderRole",
                actions=("iam:DeleteServiceLinkedRole", "iam:PassRole"),
                resources=(f"arn:aws:iam::{account}:role/{_RECORDER}",),
            )
        )
    return statements
