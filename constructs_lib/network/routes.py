"""NAT gateways and route tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation

from config.deployment import Vpc
from constructs_lib.naming import address
from constructs_lib.network.plan import Tier
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
    subnet changes its table. Only the public and the private tables have a default route. The network interfaces of the
    EKS control plane talk to nodes within the VPC, so theirs needs none (Amazon EKS User Guide, "View Amazon EKS
    networking requirements for VPC and subnets"). Internal load balancers are called from the VPC, and call into it.
    """

    private_tables: Mapping[str, str]

    def __init__(self, stack: PlatformStack, network: Network, subnets: Subnets) -> None:
        self._stack, self._network, self._subnets = stack, network, subnets
        zones = stack.deployment.vpc.zones
        public = self._table("public", "public", zones)
        stack.add(
            Route,
            "public_internet",
            route_table_id=public,
            destination_cidr_block=_ANYWHERE,
            gateway_id=network.internet_gateway.id,
        )
        stack.serves("aws_route_table.isolated", "1.4.4")
        self._table("isolated", "isolated", zones)
        self._table("control_plane", "control_plane", zones)
        self._table("load_balancer", "load_balancer", zones)
        gateways = {zone: self._nat_gateway(zone) for zone in nat_zones(stack.deployment.vpc)}
        self.private_tables = {zone: self._private_table(zone, gateways) for zone in zones}

    def _private_table(self, zone: str, gateways: Mapping[str, str]) -> str:
        name = address("private", zone)
        table = self._table("private", name, [zone])
        if gateways:
            self._stack.add(
                Route,
                f"{name}_nat",
                route_table_id=table,
                destination_cidr_block=_ANYWHERE,
                nat_gateway_id=gateways.get(zone) or next(iter(gateways.values())),
            )
        return table

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

    def _nat_gateway(self, zone: str) -> str:
        tags = {"Name": self._stack.naming.name("nat", zone)}
        elastic_ip = self._stack.add(Eip, address("nat", zone), domain="vpc", tags=tags)
        self._stack.serves(f"aws_nat_gateway.{address('nat', zone)}", "1.4.2", "1.4.5")
        gateway = self._stack.add(
            NatGateway,
            address("nat", zone),
            subnet_id=self._subnets.ids["public"][zone],
            allocation_id=elastic_ip.allocation_id,
            # Creation fails while the VPC has no internet gateway, and no argument refers to it.
            depends_on=[self._network.internet_gateway],
            tags=tags,
        )
        return str(gateway.id)
