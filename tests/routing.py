"""Where packets go in a VPC, by the routes of its JSON: a small evaluator of route tables."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping

from tests.synth import StackJson

_NAME = re.compile(r"^\$\{aws_[a-z_]+\.([a-z0-9_]+)\.")
_ENDPOINT = re.compile(r'^\$\{local\.firewall_endpoints\["([a-z0-9-]+)"\]\}$')
# A path that is longer goes in a circle.
_LONGEST = 10


class Routing:
    """Follows the routes of one VPC stack, by longest prefix, with the VPC's own route to every subnet."""

    def __init__(self, stack: StackJson) -> None:
        self._stack = stack
        self._vpc = ipaddress.IPv4Network(stack.resource("aws_vpc.vpc")["cidr_block"])
        self._subnets = {
            name: ipaddress.IPv4Network(subnet["cidr_block"]) for name, subnet in stack.of_type("aws_subnet").items()
        }

    def path(self, subnet: str, destination: str) -> list[str]:
        """What a packet from ``subnet`` to the address ``destination`` passes, the end included.

        Ends are ``internet``, ``local`` (the VPC's own route, straight to the host) and ``dropped``. A NAT gateway and
        a firewall endpoint send on from the subnet that they stand in.
        """
        passed: list[str] = []
        while len(passed) < _LONGEST:
            hop = self._hop(subnet, ipaddress.IPv4Address(destination))
            passed.append(hop)
            if hop.startswith("nat "):
                subnet = _name(self._stack.resource(f"aws_nat_gateway.{hop[4:]}")["subnet_id"])
            elif hop.startswith("firewall "):
                subnet = f"firewall_{hop[9:]}"
            else:
                return passed
        raise AssertionError(f"goes in a circle: {passed}")

    def back(self, subnet: str, destination: str) -> list[str]:
        """What the reply passes: from the NAT gateway that the packet left by, to ``subnet``."""
        gateways = [hop for hop in self.path(subnet, destination) if hop.startswith("nat ")]
        home = _name(self._stack.resource(f"aws_nat_gateway.{gateways[0][4:]}")["subnet_id"])
        return self.path(home, str(self._subnets[subnet].network_address + 10))

    def _hop(self, subnet: str, destination: ipaddress.IPv4Address) -> str:
        found = [(network, hop) for network, hop in self._routes(subnet) if destination in network]
        return max(found, key=lambda route: route[0].prefixlen)[1] if found else "dropped"

    def _routes(self, subnet: str) -> Iterator[tuple[ipaddress.IPv4Network, str]]:
        yield self._vpc, "local"
        table = self._stack.resource(f"aws_route_table_association.{subnet}")["route_table_id"]
        for route in self._stack.of_type("aws_route").values():
            if route["route_table_id"] == table:
                yield ipaddress.IPv4Network(route["destination_cidr_block"]), _target(route)


def _target(route: Mapping[str, str]) -> str:
    if "gateway_id" in route:
        return "internet"
    if "nat_gateway_id" in route:
        return f"nat {_name(route['nat_gateway_id'])}"
    found = _ENDPOINT.match(route["vpc_endpoint_id"])
    assert found, route
    return f"firewall {found.group(1).replace('-', '_')}"


def _name(reference: str) -> str:
    found = _NAME.match(reference)
    assert found, reference
    return found.group(1)
