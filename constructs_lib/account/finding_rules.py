"""Which findings of AWS's services go to the topic: EventBridge patterns as data. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.deployment import Deployment

# GuardDuty User Guide, "GuardDuty finding severity levels": high from 7.0, critical from 9.0.
_HIGH = 7
_URGENT = ["CRITICAL", "HIGH"]


@dataclass(frozen=True, kw_only=True)
class FindingRule:
    """One rule. ``service`` is the field of ``deployment.account`` whose service sends the events; empty: any.

    ``reads``: calls that only read are matched, too.
    """

    name: str
    service: str
    pattern: dict[str, Any]
    requirements: tuple[str, ...]
    says: str
    reads: bool = False


FINDINGS: tuple[FindingRule, ...] = (
    FindingRule(
        name="guardduty",
        service="guardduty",
        pattern={
            "source": ["aws.guardduty"],
            "detail-type": ["GuardDuty Finding"],
            "detail": {"severity": [{"numeric": [">=", _HIGH]}]},
        },
        requirements=("10.4.1.1", "11.5.1", "12.10.5"),
        says="GuardDuty found something severe",
    ),
    FindingRule(
        name="security-hub",
        service="security_hub",
        pattern={
            "source": ["aws.securityhub"],
            "detail-type": ["Security Hub Findings - Imported"],
            "detail": {
                "findings": {
                    # The others' findings come by rules of their own.
                    "ProductName": [{"anything-but": ["GuardDuty", "Inspector"]}],
                    "Severity": {"Label": _URGENT},
                    "Workflow": {"Status": ["NEW"]},
                    "RecordState": ["ACTIVE"],
                    "Compliance": {"Status": ["FAILED"]},
                }
            },
        },
        requirements=("10.4.1.1", "10.7.2", "12.10.5"),
        says="A control of Security Hub failed",
    ),
    FindingRule(
        name="inspector",
        service="inspector",
        pattern={
            "source": ["aws.inspector2"],
            "detail-type": ["Inspector2 Finding"],
            "detail": {"severity": _URGENT, "status": ["ACTIVE"]},
        },
        requirements=("6.3.1", "11.3.1"),
        says="Inspector found a severe vulnerability",
    ),
    FindingRule(
        name="break-glass",
        service="",
        # At once, where the trail's alarm comes after minutes; but EventBridge sees calls of its own region only.
        pattern={
            "detail-type": ["AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"],
            "detail": {"userIdentity": {"type": ["Root"]}},
        },
        requirements=("8.2.2", "10.2.1.2"),
        says="The root user was used",
    ),
)


def wanted(deployment: Deployment) -> Iterator[FindingRule]:
    """Rules of services that this account has, whoever manages them."""
    for rule in FINDINGS:
        if not rule.service or getattr(deployment.account, rule.service) != "off":
            yield rule
