"""What the account's audit is named by: computed, so that policies can name a trail before it exists. Pure."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.naming import Naming
from constructs_lib.storage.modes import LockMode

# Purposes of buckets: trail, recorder's history, and who accessed those two.
AUDIT, HISTORY, ACCESS = "audit", "config", "audit-logs"
TRAIL = "trail"
TOPIC = "alarms"
# Findings of GuardDuty; and where GuardDuty itself writes what it scanned, which is one name in every account.
FINDINGS = "guardduty-findings"
MALWARE_SCANS = "/aws/guardduty/malware-scan-events"
# PCI DSS v4.0.1 10.5.1: twelve months.
_YEAR = 365
# Written by AWS's deliveries, which would log themselves over and over.
WRITTEN_BY_DELIVERY = (AUDIT, HISTORY, ACCESS, "access-logs", "tfstate-logs")


def trail_arn(naming: Naming) -> str:
    return naming.arn("cloudtrail", f"trail/{naming.name(TRAIL)}")


def trail_log_group(naming: Naming) -> str:
    return f"/aws/cloudtrail/{naming.name(TRAIL)}"


def findings_log_group(naming: Naming) -> str:
    """Below /aws/events, where AWS's console looks for groups that EventBridge writes to."""
    return f"/aws/events/{naming.name(FINDINGS)}"


def topic_arn(naming: Naming) -> str:
    """The topic that alarms and findings go to."""
    return naming.arn("sns", naming.name(TOPIC))


def lock_mode(deployment: Deployment) -> LockMode:
    """How the trail's bucket is locked: nobody can shorten a year's logs, unless the deployment may drop its data.

    The reason at length: docs/adr/0027.
    """
    dropped = deployment.deletion_policy == "drop"
    return "GOVERNANCE" if dropped or deployment.audit.retention_days < _YEAR else "COMPLIANCE"


def keeps_own_logs(deployment: Deployment) -> bool:
    """Whether the trail has a bucket of this account's own."""
    return deployment.account.cloudtrail == "managed" and deployment.audit.log_archive is None
