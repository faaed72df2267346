"""What a whole deployment costs in a month, before teams run anything. Pure: imports no engine.

An estimate in USD, without tax, in standard support. What depends on traffic alone is a constant that says so.
"""

from __future__ import annotations

from config.deployment import Deployment
from config.support import STANDARD_PRICE
from constructs_lib.cost.prices import HOURS, SERVICES
from constructs_lib.cost.share import AURORA_UNITS, Line, all_nodes, database, load_balancer, nodes
from constructs_lib.data.secrets_table import secret_paths
from constructs_lib.ingress.balancers import teams_exposure
from constructs_lib.kms.table import PURPOSES
from constructs_lib.network import endpoints

# Logs, flow logs, buckets, images, DNS and traffic between zones of a small platform: reference table of the
# architecture document, lines CloudWatch and S3, ECR, DNS, cross-AZ. Estimates.
USE = 21.0
# Keys beside those of the table: image signing and remote state.
_FURTHER_KEYS = 2


def month(deployment: Deployment) -> list[Line]:
    """The lines. Raises KeyError for a node type without a price."""
    vpc, there = deployment.vpc, nodes(deployment).values()
    gateways = {"none": 0, "single": 1, "per_az": len(vpc.zones)}[vpc.nat_gateways]
    gateway = SERVICES["NAT gateway"].usd + SERVICES["public address"].usd
    interfaces = len(endpoints.all_services(deployment)) * len(endpoints.zones(vpc))
    databases, of_databases = database(deployment)
    keys = len(PURPOSES) + _FURTHER_KEYS
    secrets = len(secret_paths(deployment))
    running = sum(node.count for node in there)
    disks = sum(node.count * node.disk_gib for node in there)
    return [
        Line(what="control plane", usd=STANDARD_PRICE * HOURS, how="standard support"),
        Line(what="nodes", usd=all_nodes(deployment), how=f"{running} that run steadily"),
        Line(what="volumes of nodes", usd=disks * SERVICES["volume GiB"].usd, how="gp3"),
        Line(what="NAT", usd=gateways * gateway * HOURS, how=f"{gateways} with an address, without traffic"),
        *_firewall(deployment),
        Line(what="interface endpoints", usd=interfaces * SERVICES["endpoint"].usd * HOURS, how=f"{interfaces}"),
        Line(what="database", usd=of_databases, how=f"{databases} at {AURORA_UNITS} units"),
        _load_balancers(deployment),
        Line(what="keys", usd=keys * SERVICES["key"].usd, how=f"{keys}"),
        Line(what="secrets", usd=secrets * SERVICES["secret"].usd, how=f"{secrets}"),
        Line(what="logs, storage, names", usd=USE, how="an estimate"),
    ]


def _firewall(deployment: Deployment) -> list[Line]:
    """An endpoint for each zone. AWS takes nothing for the hours of NAT gateways behind it, which are counted here."""
    zones = len(deployment.vpc.zones)
    if deployment.vpc.egress != "firewall":
        return []
    usd = zones * SERVICES["firewall endpoint"].usd * HOURS
    return [Line(what="network firewall", usd=usd, how=f"{zones}, without traffic")]


def _load_balancers(deployment: Deployment) -> Line:
    """One for each exposure that a component has, and that of the teams."""
    public = [host.exposure == "public" for host in deployment.components.hosts().values()]
    balancers = [*sorted(set(public)), *([teams_exposure(deployment) == "public"] if deployment.teams else [])]
    usd = sum(load_balancer(deployment, public=each) for each in balancers)
    return Line(what="load balancers", usd=usd, how=f"{len(balancers)}")
