"""The page of networks, docs/NETWORK.md: ranges of subnets, routes, network ACLs, security groups, endpoints.

python -m tools.network_page --write | --check. Routes and rules are read from the reviewed JSON (``tools.reviewed``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from config.deployment import Deployment
from config.generated import ROOT, command
from config.loader import load_unlocked
from constructs_lib.network.acl_rules import AclRule, acl_rules
from constructs_lib.network.endpoints import all_services, service, zones
from constructs_lib.network.plan import BLOCKS, ZONE_SLOTS, Plan, Range, tiers
from idp.output import Stack
from tools.markdown import joined, table
from tools.reviewed import reviewed

PATH = ROOT / "docs" / "NETWORK.md"
# Amazon VPC User Guide, "Subnet CIDR blocks", "Subnet sizing for IPv4": the first four addresses and the last.
RESERVED_BY_AWS = 5
_INTRO = """# Networks of the shipped deployments

Ranges, routes and rules as the JSON has them; generated (`make docs`). Why the plan is as it is:
[ADR 4](adr/0004-subnet-plan-and-nat.md), and [ADR 26](adr/0026-egress.md) for the firewall. What may leave by name:
[EGRESS.md](EGRESS.md). What pods may connect to, by network policies: [REACHABILITY.md](REACHABILITY.md).
"""
# Stack's output → the security group that it is the id of, as other stacks name it.
_ELSEWHERE = re.compile(r'outputs\.(?P<name>\w+?)_security_group_ids?(?:\["(?P<key>[^"]+)"\])?')
_HERE = re.compile(r"aws_security_group\.(?P<name>\w+)\.")
_RULES = {"in": "aws_vpc_security_group_ingress_rule", "out": "aws_vpc_security_group_egress_rule"}
# Argument of aws_route → what stands behind it.
_TARGETS = {
    "gateway_id": "internet gateway",
    "nat_gateway_id": "NAT gateway",
    "vpc_endpoint_id": "firewall endpoint",
}


def page(deployments: Sequence[Deployment], stacks: Iterable[Stack]) -> str:
    """The page's text; ``stacks`` are all of the deployments'."""
    found = list(stacks)
    parts = (
        part
        for deployment in deployments
        for part in _part(deployment, [stack for stack in found if stack.deployment == deployment.id])
    )
    return "\n".join([_INTRO, *parts])


def _part(deployment: Deployment, stacks: Sequence[Stack]) -> Iterator[str]:
    plan = Plan(cidr=deployment.vpc.cidr)
    yield f"## {deployment.id}\n"
    yield (
        f"VPC `{plan.cidr}` in {', '.join(deployment.vpc.zones)}; way out: `{deployment.vpc.egress}`.\n"
        f"Kubernetes Services have `{deployment.eks.service_cidr}`, which no route table knows.\n"
    )
    yield f"### Subnets of {deployment.id}\n"
    yield _subnets(deployment, plan)
    yield f"### Routes of {deployment.id}\n"
    yield "Beside these, each table has the VPC's own range, and those of the private tier lead to S3's endpoint.\n"
    yield _routes(stacks)
    yield f"### Network ACLs of {deployment.id}\n"
    yield "What isn't listed is denied; replies need rules of their own, since a network ACL keeps no connections.\n"
    yield _acls(deployment)
    yield f"### Security groups of {deployment.id}\n"
    yield _security_groups(stacks)
    yield f"### Endpoints of {deployment.id}\n"
    yield f"A gateway for S3; interfaces in {joined(zones(deployment.vpc))}:\n"
    rows = ((f"`{name}`", service(name).reason) for name in all_services(deployment))
    yield table(("service", "why"), rows)


def _subnets(deployment: Deployment, plan: Plan) -> str:
    used = tiers(deployment.vpc.egress)
    names = deployment.vpc.zones
    rows = (
        (
            _words(name),
            BLOCKS[name].purpose,
            f"`{plan.block(name)}`",
            *(f"`{plan.subnet(name, slot)}`" for slot in range(len(names))),
            str(_addresses(plan, name)),
            "in use" if name in used else "reserved",
        )
        for name in sorted(BLOCKS, key=lambda each: BLOCKS[each].offset)
    )
    rest = f"Of each tier's {ZONE_SLOTS} slots, the last {ZONE_SLOTS - len(names)} stay free for zones added later.\n"
    return table(("tier", "for", "whole tier", *names, "addresses each", "now"), rows) + "\n" + rest


def _addresses(plan: Plan, name: Range) -> int:
    return IPv4Network(plan.subnet(name, 0)).num_addresses - RESERVED_BY_AWS


def _routes(stacks: Iterable[Stack]) -> str:
    rows = []
    for route in _of_kind(stacks, "aws_route"):
        (argument,) = _TARGETS.keys() & route.keys()
        to = (f"`{route['destination_cidr_block']}`", _TARGETS[argument], _named(route[argument]))
        rows.append((_named(route["route_table_id"]), *to))
    return table(("route table", "destination", "by", "which"), sorted(rows))


def _acls(deployment: Deployment) -> str:
    rules = acl_rules(deployment.vpc.cidr, deployment.vpc.egress)
    rows = (
        (_words(tier), "out" if rule.egress else "in", f"`{rule.cidr}`", _protocol(rule))
        for tier, each in rules.items()
        for rule in each
    )
    return table(("tier", "direction", "range", "what"), rows)


def _protocol(rule: AclRule) -> str:
    if rule.icmp:
        return f"ICMP type {rule.icmp[0]}, code {rule.icmp[1]}"
    return "all" if rule.protocol == "-1" else f"{rule.protocol} {_ports(rule.ports)}"


def _ports(ports: tuple[int, int] | None) -> str:
    if not ports:
        return ""
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"


def _security_groups(stacks: Sequence[Stack]) -> str:
    rows = [
        (
            _group(rule["security_group_id"]),
            direction,
            _other(rule),
            "all" if rule["ip_protocol"] == "-1" else f"{rule['ip_protocol']} {_ports(_range(rule))}",
            str(rule["description"]),
        )
        for direction, kind in _RULES.items()
        for rule in _of_kind(stacks, kind)
    ]
    return table(("group", "direction", "other side", "what", "for"), sorted(rows))


def _range(rule: Mapping[str, Any]) -> tuple[int, int]:
    return int(rule["from_port"]), int(rule["to_port"])


def _other(rule: Mapping[str, Any]) -> str:
    if "referenced_security_group_id" in rule:
        return _group(rule["referenced_security_group_id"])
    return f"`{rule['cidr_ipv4']}`" if "cidr_ipv4" in rule else "S3, by its prefix list"


def _group(reference: str) -> str:
    """The name of the group that ``reference`` leads to, here or by another stack's output."""
    if found := _HERE.search(reference):
        return _words(found["name"])
    elsewhere = _ELSEWHERE.search(reference)
    if not elsewhere:
        raise ValueError(f"{reference} leads to no security group")
    return _words(elsewhere["key"] or elsewhere["name"])


def _named(reference: str) -> str:
    """The resource's name of a reference such as ``${aws_route_table.public.id}``; the key of one into a map."""
    found = re.search(r"aws_\w+\.(\w+)", reference) or re.search(r'\["([^"]+)"\]', reference)
    if not found:
        raise ValueError(f"{reference} names no resource")
    return f"`{found[1]}`"


def _of_kind(stacks: Iterable[Stack], kind: str) -> Iterator[Mapping[str, Any]]:
    for stack in stacks:
        yield from stack.document.get("resource", {}).get(kind, {}).values()


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def text() -> str:
    """The page of the shipped deployments."""
    deployments = [deployment for _, deployment in load_unlocked(ROOT / "cdktf.json")]
    return page(deployments, reviewed({deployment.id for deployment in deployments}))


def main() -> int:
    return command(PATH, text())


if __name__ == "__main__":
    sys.exit(main())
