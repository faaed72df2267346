"""The page of networks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.deployment import Deployment
from config.generated import ROOT
from config.loader import load_unlocked
from idp.output import Stack
from tools.network_page import PATH, page, text
from tools.reviewed import reviewed


@pytest.fixture(scope="module")
def deployments() -> list[Deployment]:
    return [deployment for _, deployment in load_unlocked(ROOT / "cdktf.json")]


@pytest.fixture(scope="module")
def stacks(deployments: list[Deployment]) -> list[Stack]:
    return list(reviewed({deployment.id for deployment in deployments}))


def section(found: str, heading: str) -> str:
    return found.split(f"### {heading}\n", 1)[1].split("\n##", 1)[0]


def rows(found: str, heading: str) -> list[list[str]]:
    lines = [line for line in section(found, heading).splitlines() if line.startswith("| ")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_page_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == text(), "run `make docs`"


@pytest.mark.parametrize("deployment", ["idp", "idp-pci"])
def test_subnets_of_the_json_are_those_in_use(deployment: str, stacks: list[Stack]) -> None:
    (vpc,) = (stack for stack in stacks if stack.name == f"{deployment}-foundation-vpc")
    made = sorted(subnet["cidr_block"] for subnet in vpc.document["resource"]["aws_subnet"].values())
    used = [row for row in rows(text(), f"Subnets of {deployment}") if row[-1] == "in use"]
    assert sorted(cidr for row in used for cidr in row[3:6]) == made


@pytest.mark.parametrize("deployment", ["idp", "idp-pci"])
def test_each_rule_and_route_of_the_json_has_a_row(deployment: str, stacks: list[Stack]) -> None:
    def count(*kinds: str) -> int:
        own = [stack.document.get("resource", {}) for stack in stacks if stack.deployment == deployment]
        return sum(len(resources.get(kind, {})) for resources in own for kind in kinds)

    found = text()
    sides = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
    assert len(rows(found, f"Security groups of {deployment}")) == count(*sides)
    assert len(rows(found, f"Routes of {deployment}")) == count("aws_route")
    assert len(rows(found, f"Network ACLs of {deployment}")) == count("aws_network_acl_rule")
    # The gateway of S3 has no row.
    assert len(rows(found, f"Endpoints of {deployment}")) == count("aws_vpc_endpoint") - 1


def test_private_subnets_of_pci_leave_by_the_firewall_of_their_zone() -> None:
    found = [row for row in rows(text(), "Routes of idp-pci") if row[0].startswith("private")]
    assert [row[2:] for row in found] == [["firewall endpoint", f"us-west-2{zone}"] for zone in "abc"]


def test_a_rule_that_names_no_group_is_refused(deployments: list[Deployment], stacks: list[Stack]) -> None:
    rule = {"security_group_id": "sg-0", "ip_protocol": "-1", "description": "x", "cidr_ipv4": "198.51.100.0/24"}
    document = {"resource": {"aws_vpc_security_group_egress_rule": {"x": rule}}}
    (vpc,) = (stack for stack in stacks if stack.name == "idp-foundation-vpc")
    with pytest.raises(ValueError, match="sg-0"):
        page(deployments[:1], [replace(vpc, document=document)])
