"""NAT gateways and route tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation

from config.deployment import Vpc
from constructs_lib.naming import address
from constructs_lib.network.firewall import EgressFirewall
from constructs_lib.network.plan import Plan, Tier
from constructs_lib.network.subnets import Subnets
from constructs_lib.network.vpc import Network
from constructs_lib.stack import PlatformStack

_ANYWHERE = "0.0.0.0/0"


def nat_zones(vpc: Vpc) -> Sequence[str]:
    """Zones that have a NAT gateway: the first one, all, or none."""
    return {"single": vpc.zones[:1], "per_az": vpc.zones, "none": ()}[vpc.nat_gateways]


class Routes:
    """One route table for each tier, and one for each zone of the private tier.

    Private tables are one for each zone with a single NAT gateway, too: changing the mode then changes a route, and no
    subnet changes its table. The network interfaces of the EKS control plane talk to nodes within the VPC, so theirs
    needs no default route (Amazon EKS User Guide, "View Amazon EKS networking requirements for VPC and subnets").
    Internal load balancers are called from the VPC, and call into it.

    With a firewall, private subnets lead to its endpoint of their zone, that one's subnet to the zone's NAT gateway,
    and the gateway's subnet to the internet, and back to the endpoint for the private subnet: both directions of a
    connection pass the same endpoint, before its address is translated (docs/adr/0026).
    """

    private_tables: Mapping[str, str]

    def __init__(
        self, stack: PlatformStack, network: Network, subnets: Subnets, plan: Plan, firewall: EgressFirewall | None
    ) -> None:
        self._stack, self._network, self._subnets, self._plan = stack, network, subnets, plan
        zones = stack.deployment.vpc.zones
        if network.internet_gateway:
            self._to_internet("public", self._table("public", "public", zones), network.internet_gateway)
        stack.serves("aws_route_table.isolated", "1.4.4")
        self._table("isolated", "isolated", zones)
        self._table("control_plane", "control_plane", zones)
        self._table("load_balancer", "load_balancer", zones)
        gateways = self._nat_gateways(network.internet_gateway, "nat" if firewall else "public")
        self.private_tables = {zone: self._table("private", address("private", zone), [zone]) for zone in zones}
        for zone, table in self.private_tables.items():
            name = address("private", zone)
            if firewall:
                self._route(f"{name}_firewall", table, vpc_endpoint_id=firewall.endpoint_ids[zone])
            elif gateways:
                nat = gateways.get(zone) or next(iter(gateways.values()))
                self._route(f"{name}_nat", table, nat_gateway_id=nat)
        if firewall and network.internet_gateway:
            for slot, zone in enumerate(zones):
                self._inspected(slot, zone, gateways[zone], firewall.endpoint_ids[zone], network.internet_gateway)

    def _inspected(self, slot: int, zone: str, nat: str, endpoint: str, internet: InternetGateway) -> None:
        """What is between the firewall's endpoint of a zone and the internet, and the way back."""
        name = address("firewall", zone)
        self._route(f"{name}_nat", self._table("firewall", name, [zone]), nat_gateway_id=nat)
        table = self._table("nat", address("nat", zone), [zone])
        self._to_internet(address("nat", zone), table, internet)
        # More specific than the VPC's own route, which is admitted for the whole range of a subnet (Amazon VPC User
        # Guide, "Route tables", "Routing for a middlebox appliance"). NAT hands replies to private subnets of its own
        # zone only, since only these lead to it.
        back = self._plan.subnet("private", slot)
        self._route(f"{address('nat', zone)}_private", table, back, vpc_endpoint_id=endpoint)

    def _to_internet(self, name: str, table: str, gateway: InternetGateway) -> None:
        self._route(f"{name}_internet", table, gateway_id=gateway.id)

    def _route(self, name: str, table: str, cidr: str = _ANYWHERE, **target: Any) -> None:
        if "vpc_endpoint_id" in target:
            self._stack.serves(f"aws_route.{name}", "1.2.1", "1.3.2")
        self._stack.add(Route, name, route_table_id=table, destination_cidr_block=cidr, **target)

    def _table(self, tier: Tier, name: str, zones: Sequence[str]) -> str:
        table = self._stack.add(
            RouteTable,
            name,
            vpc_id=self._network.vpc.id,
            tags={"Name": self._stack.naming.name(name.replace("_", "-"))},
        )
        for zone in zones:
            self._stack.add(
                RouteTableAssociation,
                address(tier, zone),
                route_table_id=table.id,
                subnet_id=self._subnets.ids[tier][zone],
            )
        return str(table.id)

    def _nat_gateways(self, internet: InternetGateway | None, tier: Tier) -> dict[str, str]:
        """NAT gateways by zone, in subnets of ``tier``; none where nothing leads to the internet."""
        if internet is None:
            return {}
        return {zone: self._nat_gateway(zone, internet, tier) for zone in nat_zones(self._stack.deployment.vpc)}

    def _nat_gateway(self, zone: str, internet: InternetGateway, tier: Tier) -> str:
        tags = {"Name": self._stack.naming.name("nat", zone)}
        elastic_ip = self._stack.add(Eip, address("nat", zone), domain="vpc", tags=tags)
        self._stack.serves(f"aws_nat_gateway.{address('nat', zone)}", "1.4.2", "1.4.5")
        gateway = self._stack.add(
            NatGateway,
            address("nat", zone),
            subnet_id=self._subnets.ids[tier][zone],
            allocation_id=elastic_ip.allocation_id,
            # Creation fails while the VPC has no internet gateway, and no argument refers to it.
            depends_on=[internet],
            tags=tags,
        )
        return str(gateway.id)
