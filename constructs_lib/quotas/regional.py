"""Registry, secrets, events, keys, buckets, logs, budgets, databases. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.account.finding_rules import wanted
from constructs_lib.account.names import keeps_own_logs
from constructs_lib.components.copies import mirrors
from constructs_lib.cost import counts
from constructs_lib.karpenter.events import EVENTS
from constructs_lib.registry.table import REPOSITORIES, keeps_mirrors

MANAGED = "managed"
# State and its access logs; artifacts, TechDocs, backups, and theirs.
_BUCKETS = 6
# Control plane, database, flow logs.
_LOG_GROUPS = 3


def repositories(deployment: Deployment) -> int:
    """None where another deployment owns the registry: its account makes them."""
    if not deployment.shared.owner:
        return 0
    copies = len(mirrors()) if keeps_mirrors(deployment) else 0
    return len(REPOSITORIES) + copies + sum(len(team.repositories) for team in deployment.teams)


def secrets(deployment: Deployment) -> int:
    return counts.secrets(deployment)


def keys(deployment: Deployment) -> int:
    return counts.keys(deployment)


def event_rules(deployment: Deployment) -> int:
    """The most of one bus: the account's own, or the one whose events go to another account."""
    account, forward = deployment.account, deployment.events.forward
    own = len(EVENTS) + (account.guardduty == MANAGED)
    if account.alarms == MANAGED:
        own += len(list(wanted(deployment))) + bool(deployment.access.break_glass)
    return max(own, len(forward.rules) if forward is not None else 0)


def buckets(deployment: Deployment) -> int:
    """Beside the platform's: the trail's where it isn't the organization's, the recorder's, and their access logs'."""
    trail, recorder = keeps_own_logs(deployment), deployment.account.config_recorder == MANAGED
    return _BUCKETS + trail + recorder + (trail or recorder)


def log_groups(deployment: Deployment) -> int:
    account, vpc = deployment.account, deployment.vpc
    names = vpc.egress != "open"
    # A firewall logs what it alerts on and each flow; GuardDuty's findings and scans have a group each.
    firewall, findings = 2 * (vpc.egress == "firewall"), 2 * (account.guardduty == MANAGED)
    return _LOG_GROUPS + vpc.access_host + names + firewall + (account.cloudtrail == MANAGED) + findings


def budgets(deployment: Deployment) -> int:
    """The deployment's, and one for each team that names an amount."""
    of_teams = sum(team.monthly_budget_usd is not None for team in deployment.teams)
    return bool(deployment.cost.monthly_budget_usd) + of_teams


def database_instances(deployment: Deployment) -> int:
    return 1 + deployment.aurora.readers
