"""What is counted of a VPC and of load balancers. Pure: imports no engine."""

from __future__ import annotations

from collections import Counter

from config.deployment import Deployment
from constructs_lib.eks.ports import CONTROL_PLANE_TO_NODES, node_egress
from constructs_lib.ingress.balancers import balancers, inbound_cidrs, teams_exposure
from constructs_lib.network.acl_rules import acl_rules
from constructs_lib.network.endpoints import all_services
from constructs_lib.network.plan import tiers

# Rules of one direction beside those of the tables: among nodes, to or from the database.
_AMONG_NODES, _TO_DATABASE = 1, 1
# The load balancer controller opens the nodes' group for its targets, by one rule for its own group.
_OF_CONTROLLER = 1
# A load balancer listens on 80, which leads to 443, and on 443.
_LISTENERS = 2


def one(_deployment: Deployment) -> int:
    return 1


def internet_gateways(deployment: Deployment) -> int:
    return int(deployment.vpc.egress != "none")


def gateways(deployment: Deployment) -> int:
    """NAT gateways, each with an address."""
    if not internet_gateways(deployment):
        return 0
    return {"none": 0, "single": 1, "per_az": len(deployment.vpc.zones)}[deployment.vpc.nat_gateways]


def gateways_of_a_zone(deployment: Deployment) -> int:
    return min(1, gateways(deployment))


def subnets(deployment: Deployment) -> int:
    return len(tiers(deployment.vpc.egress)) * len(deployment.vpc.zones)


def route_tables(deployment: Deployment) -> int:
    """One for each tier, but one for each zone where zones lead elsewhere; and the VPC's own."""
    by_zone = {"private", "firewall", "nat"}
    zones = len(deployment.vpc.zones)
    return 1 + sum(zones if tier in by_zone else 1 for tier in tiers(deployment.vpc.egress))


def acl_rules_of_a_direction(deployment: Deployment) -> int:
    """The most of one network ACL."""
    rules = acl_rules(deployment.vpc.cidr, deployment.vpc.egress)
    return max(max(Counter(rule.egress for rule in of_tier).values()) for of_tier in rules.values())


def interface_endpoints(deployment: Deployment) -> int:
    return len(all_services(deployment))


def load_balancers(deployment: Deployment) -> int:
    """One for each exposure of the components, and the teams'."""
    return len(balancers(deployment)) + 1


def security_groups(deployment: Deployment) -> int:
    """Control plane, nodes, database; endpoints' and the access host's where they are; the VPC's own and EKS's; one for
    each load balancer, and the controller's for all of them."""
    ours = 3 + bool(interface_endpoints(deployment)) + deployment.vpc.access_host
    return ours + 2 + load_balancers(deployment) + 1


def security_group_rules(deployment: Deployment) -> int:
    """The most of one direction of one group: of nodes, or of a load balancer, which the deployment file names CIDRs
    for."""
    vpc = deployment.vpc
    into_nodes = len(CONTROL_PLANE_TO_NODES) + _AMONG_NODES + _OF_CONTROLLER
    out_of_nodes = len(node_egress(vpc.cidr, vpc.nat_gateways)) + _AMONG_NODES + _TO_DATABASE
    return max(into_nodes, out_of_nodes, _LISTENERS * len(widest(deployment)))


def widest(deployment: Deployment) -> tuple[str, ...]:
    """The longest list of who may connect to a load balancer."""
    lists = [each.inbound_cidrs for each in balancers(deployment)]
    return max([*lists, inbound_cidrs(deployment, teams_exposure(deployment))], key=len)


def hosts_of_a_balancer(deployment: Deployment) -> int:
    """The most of one: of the components with one exposure, or of teams: one each, and one for each preview."""
    components = Counter(settings.exposure for settings in deployment.components.hosts().values())
    return max(*components.values(), 0, _hosts_of_teams(deployment))


def hosts(deployment: Deployment) -> int:
    return len(deployment.components.hosts()) + _hosts_of_teams(deployment)


def _hosts_of_teams(deployment: Deployment) -> int:
    return sum(1 + (team.preview_limit if team.previews else 0) for team in deployment.teams)
