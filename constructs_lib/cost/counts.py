"""How many there are of what AWS takes a fixed price for, as the stacks make them. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.data.secrets_table import secret_paths
from constructs_lib.ingress.balancers import teams_exposure, with_firewall
from constructs_lib.kms.table import PURPOSES
from constructs_lib.network import endpoints
from constructs_lib.registry.table import upstreams

MANAGED = "managed"
# Keys that every deployment has beside those of the table: image signing, remote state, flow logs.
_FURTHER_KEYS = 3


def keys(deployment: Deployment) -> int:
    """Customer managed keys."""
    account, events = deployment.account, deployment.events
    audit = MANAGED in (account.cloudtrail, account.config_recorder, account.guardduty)
    there = (
        deployment.vpc.access_host,
        deployment.vpc.egress != "open",
        audit,
        account.alarms == MANAGED,
        events.forward is not None,
        deployment.backup.vault,
        deployment.backup.copy_region is not None,
    )
    return len(PURPOSES) + _FURTHER_KEYS + sum(there) + len(events.receive)


def secrets(deployment: Deployment) -> int:
    """Secrets of the platform, of its caches and of all teams, and the database's master secret, which RDS makes."""
    of_teams = sum(len(team.secrets) for team in deployment.teams)
    of_caches = len([upstream for upstream in upstreams(deployment) if upstream.credential])
    return len(secret_paths(deployment)) + of_caches + of_teams + 1


def interfaces(deployment: Deployment) -> int:
    """Interface endpoints, each counted in every zone that it stands in."""
    return len(endpoints.all_services(deployment)) * len(endpoints.zones(deployment.vpc))


def web_acls(deployment: Deployment) -> int:
    """Of the components' public load balancer, and of the teams' where it is public."""
    of_teams = deployment.teams and deployment.ingress.waf and teams_exposure(deployment) == "public"
    return len(with_firewall(deployment)) + bool(of_teams)


def nat_gateways(deployment: Deployment) -> int:
    return {"none": 0, "single": 1, "per_az": len(deployment.vpc.zones)}[deployment.vpc.nat_gateways]
