"""Rules of the account's security services and of backups: what can't work without what."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from config.rules.finding import Finding

TRAIL = "deployment:account:cloudtrail"
MANAGED = "managed"
_TOLD_MOST = 10


def trail(deployment: Deployment) -> Iterator[Finding]:
    """Alarms, insights and an archive belong to a trail that is made here."""
    account, audit = deployment.account, deployment.audit
    needs = (
        ("deployment:account:alarms", account.alarms, account.alarms == MANAGED, "alarms read the trail's log group"),
        (
            "deployment:account:cloudtrailInsights",
            account.cloudtrail_insights,
            account.cloudtrail_insights,
            "insights are a setting of the trail",
        ),
        (
            "deployment:audit:logArchive",
            audit.log_archive.bucket if audit.log_archive else None,
            audit.log_archive is not None,
            "it says where the trail writes to",
        ),
    )
    for key, value, asked, why in needs:
        if asked and account.cloudtrail != MANAGED:
            yield Finding(
                key=key,
                value=value,
                message=f"needs {TRAIL} to be managed, which is {account.cloudtrail}: {why}",
                remedy=f"write managed for {TRAIL}, or take this away",
            )


def archive(deployment: Deployment) -> Iterator[Finding]:
    """A log archive is another account's: who may change what is logged must not change the log."""
    found = deployment.audit.log_archive
    if found is not None and found.account == deployment.platform.account:
        yield Finding(
            key="deployment:audit:logArchive.account",
            value=found.account,
            message="must not be platform:account: an archive is another account's",
            remedy="name the archive's account, or remove the key for a bucket in this one",
        )
    if found is not None and found.key.split(":")[4] != found.account:
        yield Finding(
            key="deployment:audit:logArchive.key",
            value=found.key,
            message=f"must be a key of the archive's account, {found.account}",
            remedy="name the key that encrypts the bucket",
        )


def mail(deployment: Deployment) -> Iterator[Finding]:
    """Addresses need alarms that are made here."""
    if deployment.audit.alarm_emails and deployment.account.alarms != MANAGED:
        yield Finding(
            key="deployment:audit:alarmEmails",
            value=deployment.audit.alarm_emails,
            message=f"needs deployment:account:alarms to be managed, which is {deployment.account.alarms}",
            remedy="write managed, or remove the addresses",
        )


def told(deployment: Deployment) -> Iterator[Finding]:
    """A budget tells ten addresses at most."""
    # AWS Budgets API reference, Notification and subscribers: 1 to 10 of e-mail, 1 of SNS.
    emails = deployment.audit.alarm_emails
    if deployment.cost.monthly_budget_usd and len(set(emails)) > _TOLD_MOST:
        yield Finding(
            key="deployment:audit:alarmEmails",
            value=emails,
            message=f"names {len(set(emails))} addresses, and a budget tells {_TOLD_MOST} at most",
            remedy="name a distribution list, or write 0 for deployment:cost:monthlyBudgetUsd",
        )


def controls(deployment: Deployment) -> Iterator[Finding]:
    """Security Hub's controls look at what AWS Config recorded."""
    if deployment.account.security_hub == MANAGED and deployment.account.config_recorder == "off":
        yield Finding(
            key="deployment:account:securityHub",
            value=MANAGED,
            message="needs deployment:account:configRecorder, which is off: its controls look at what that records",
            remedy="write managed or existing for deployment:account:configRecorder",
        )


def copies(deployment: Deployment) -> Iterator[Finding]:
    """Copies go to another region, out of a vault that there is."""
    backup, own = deployment.backup, deployment.platform.region
    key = "deployment:backup:copyRegion"
    if backup.copy_region is not None and not backup.vault:
        message = "needs deployment:backup:vault to be true: copies are made of what is in it"
        yield Finding(key=key, value=backup.copy_region, message=message, remedy="write true, or remove the key")
    if backup.copy_region == own:
        message = "must not be the deployment's own region"
        yield Finding(key=key, value=own, message=message, remedy="name another region, or remove the key")


DEPLOYMENT_RULES = (trail, archive, mail, told, controls, copies)
