"""By which id a resource is imported, from its arguments and from what is known of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from idp.importable import NAMED, TAGGED, import_id
from idp.output import Stack
from idp.recover import Search, absent_of

GIVEN = {"account": "111122223333", "region": "us-west-2"}
KNOWN = {("aws_subnet.a", "id"): "subnet-1", ("aws_route_table.a", "id"): "rtb-1", ("aws_iam_role.a", "name"): "idp-a"}


def lookup(address: str, attribute: str) -> str | None:
    return KNOWN.get((address, attribute))


@pytest.mark.parametrize(
    ("kind", "arguments", "expected"),
    [
        ("aws_iam_policy", {"name": "idp-a"}, "arn:aws:iam::111122223333:policy/idp-a"),
        ("aws_iam_policy", {"name": "a", "path": "/idp/teams/"}, "arn:aws:iam::111122223333:policy/idp/teams/a"),
        (
            "aws_route_table_association",
            {"subnet_id": "${aws_subnet.a.id}", "route_table_id": "${aws_route_table.a.id}"},
            "subnet-1/rtb-1",
        ),
        ("aws_route", {"route_table_id": "${aws_route_table.b.id}", "destination_cidr_block": "0.0.0.0/0"}, None),
        ("aws_route", {"route_table_id": "${data.aws_route_table.a.id}", "destination_cidr_block": "0.0.0.0/0"}, None),
        (
            "aws_network_acl_rule",
            {"network_acl_id": "acl-1", "rule_number": 100, "protocol": "-1"},
            "acl-1:100:-1:false",
        ),
        ("aws_s3_bucket", {}, None),
        ("aws_sns_topic", {"name": "a"}, None),
    ],
)
def test_an_id_is_made_of_arguments_and_references(kind: str, arguments: dict[str, Any], expected: str | None) -> None:
    assert import_id(kind, arguments, GIVEN, lookup) == expected


def test_a_type_is_found_in_one_way() -> None:
    assert not NAMED.keys() & TAGGED.keys()


def test_what_is_absent_is_told_by_the_engine_or_by_the_provider() -> None:
    said = (
        "Cannot import non-existent remote object\n  While attempting to import an existing object to "
        '"aws_iam_role.a", the\nprovider detected that no object exists with the given id.\n'
        "No association found between route table ID rtb-1 and target ID subnet-1"
    )
    found = {
        "aws_iam_role.a": "idp-a",
        "aws_iam_role.b": "idp-b",
        "aws_route_table.a": "rtb-1",
        "aws_subnet.a": "subnet-1",
        "aws_route_table_association.a": "subnet-1/rtb-1",
        "aws_route_table_association.b": "subnet-2/rtb-1",
    }
    assert absent_of(said, found) == {"aws_iam_role.a", "aws_route_table_association.a"}


def tags_of(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class Ec2:
    """Answers as EC2 does, from tables of tags: an id's beginning is its kind."""

    def __init__(self, tags: dict[str, dict[str, str]], rules: list[dict[str, Any]]) -> None:
        self.tags, self.rules = tags, rules

    def can_paginate(self, operation: str) -> bool:
        return operation == "describe_vpcs"

    def get_paginator(self, operation: str) -> Ec2:
        assert operation == "describe_vpcs"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"Vpcs": self.listed("vpc-", "VpcId")}]

    def listed(self, begin: str, key: str) -> list[dict[str, Any]]:
        return [
            {key: name, "State": "deleted" if "old" in name else "available", "Tags": tags_of(tags)}
            for name, tags in self.tags.items()
            if name.startswith(begin)
        ]

    def describe_nat_gateways(self) -> dict[str, Any]:
        return {"NatGateways": self.listed("nat-", "NatGatewayId")}

    def describe_security_groups(self) -> dict[str, Any]:
        return {"SecurityGroups": self.listed("sg-", "GroupId")}

    def describe_security_group_rules(self, **_: Any) -> dict[str, Any]:
        return {"SecurityGroupRules": self.rules}


def search(tags: dict[str, dict[str, str]], held: dict[str, dict[str, Any]]) -> Search:
    resources = {
        "aws_vpc": {"vpc": {"tags": {"Name": "idp-vpc"}}},
        "aws_nat_gateway": {"a": {"tags": {"Name": "idp-nat"}}},
        "aws_security_group": {"a": {"tags": {"Name": "idp-a"}}},
        "aws_vpc_security_group_ingress_rule": {
            "a": {"security_group_id": "${aws_security_group.a.id}", "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8"}
        },
    }
    stack = Stack(
        name="idp-foundation-vpc",
        deployment="idp",
        directory=Path(),
        reads=frozenset(),
        document={"resource": resources},
    )
    rule = {"IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIpv4": "10.0.0.0/8", "IsEgress": False}
    ec2 = Ec2(
        tags, [{**rule, "SecurityGroupRuleId": "sgr-1"}, {**rule, "SecurityGroupRuleId": "sgr-2", "IsEgress": True}]
    )
    made = Search(stack=stack, client=lambda _: ec2, held=held, given=GIVEN)
    made.run()
    return made


def mine(name: str, stack: str = "idp-foundation-vpc") -> dict[str, str]:
    return {"stack": stack, "Name": name}


def test_what_carries_the_stacks_tags_and_is_in_no_state_is_found() -> None:
    tags = {
        "vpc-1": mine("idp-vpc"),
        "vpc-other": mine("idp-vpc", "idp-pci-foundation-vpc"),
        "nat-old": mine("idp-nat"),
        "nat-new": mine("idp-nat"),
        "sg-1": mine("idp-a"),
    }
    found = search(tags, {"aws_security_group.a": {"id": "sg-1"}})
    assert found.found == {
        "aws_vpc.vpc": "vpc-1",
        "aws_nat_gateway.a": "nat-new",
        "aws_vpc_security_group_ingress_rule.a": "sgr-1",
    }
    assert found.several == {}


def test_two_of_one_are_named_and_none_is_taken() -> None:
    found = search({"vpc-1": mine("idp-vpc"), "vpc-2": mine("idp-vpc")}, {})
    assert found.found == {}
    assert found.several == {"aws_vpc.vpc": ["vpc-1", "vpc-2"]}
