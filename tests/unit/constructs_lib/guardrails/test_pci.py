"""The guardrails of PCI DSS: the shipped deployment passes, and each fails on what breaks it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from constructs_lib.guardrails import pci
from constructs_lib.guardrails.rule import FileCheck
from constructs_lib.guardrails.rules import FILE_RULES
from tests.synth import Synth

Stacks = dict[str, Any]
Break = Callable[[Stacks], object]
EKS, VPC, DATA, ACCOUNT = (
    f"idp-pci-{name}" for name in ("cluster-eks", "foundation-vpc", "foundation-data", "account")
)


@pytest.fixture(scope="module")
def files(shipped: Synth) -> Mapping[str, Mapping[str, str]]:
    """Stack → the files beside its JSON."""
    found: dict[str, dict[str, str]] = {}
    for stack in shipped.stacks():
        top = shipped.directory / "stacks" / stack.name
        texts = {path.relative_to(top).as_posix(): path for path in top.rglob("*.yaml")}
        found[stack.name] = {name: path.read_text(encoding="utf-8") for name, path in texts.items()}
    return found


@pytest.fixture(scope="module")
def stacks(shipped: Synth) -> Stacks:
    return {stack.name: dict(stack.document) for stack in shipped.stacks()}


def found(check: FileCheck, stacks: Stacks, files: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(stack, address) for stack, address, _ in check(stacks, files)]


def resource(stacks: Stacks, stack: str, kind: str, name: str) -> dict[str, Any]:
    arguments: dict[str, Any] = stacks[stack]["resource"][kind][name]
    return arguments


def _public_endpoint(stacks: Stacks) -> None:
    resource(stacks, EKS, "aws_eks_cluster", "cluster")["vpc_config"]["endpoint_public_access"] = True


def _no_key(stacks: Stacks) -> None:
    del resource(stacks, DATA, "aws_rds_cluster", "database")["kms_key_id"]


def _nat(stacks: Stacks) -> None:
    route = {"destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.x.id}"}
    tables = stacks[VPC]["resource"]["aws_route_table_association"]["private_us_west_2a"]
    stacks[VPC]["resource"]["aws_route"]["past"] = route | {"route_table_id": tables["route_table_id"]}


def _spot(stacks: Stacks) -> None:
    resource(stacks, EKS, "aws_eks_node_group", "system")["capacity_type"] = "SPOT"


def _imds(stacks: Stacks) -> None:
    resource(stacks, EKS, "aws_launch_template", "system")["metadata_options"]["http_tokens"] = "optional"


def _kernel(stacks: Stacks) -> None:
    text = stacks[EKS]["locals"]["system_user_data"]
    stacks[EKS]["locals"]["system_user_data"] = text.replace('"integrity"', '"none"')


def _trail(stacks: Stacks) -> None:
    for trail in stacks[ACCOUNT]["resource"]["aws_cloudtrail"].values():
        trail["is_multi_region_trail"] = False


def _unlocked(stacks: Stacks) -> None:
    del stacks[ACCOUNT]["resource"]["aws_s3_bucket_object_lock_configuration"]


def _no_falco(stacks: Stacks) -> None:
    del stacks["idp-pci-platform-falco"]


CASES: Mapping[str, tuple[FileCheck, Break]] = {
    "public endpoint": (pci.private_api, _public_endpoint),
    "a database without a key": (pci.keys_everywhere, _no_key),
    "NAT past the firewall": (pci.no_way_past_the_firewall, _nat),
    "spot": (pci.hardened_nodes, _spot),
    "IMDSv1": (pci.hardened_nodes, _imds),
    "an open kernel": (pci.hardened_nodes, _kernel),
    "a trail of one region": (pci.a_trail, _trail),
    "a trail that can be deleted": (pci.a_trail, _unlocked),
    "no Falco": (pci.watched, _no_falco),
}


@pytest.mark.parametrize("name", CASES)
def test_what_breaks_it_is_found(name: str, stacks: Stacks, files: Mapping[str, Mapping[str, str]]) -> None:
    check, break_it = CASES[name]
    assert not found(check, stacks, files)
    broken = copy.deepcopy(stacks)
    break_it(broken)
    assert found(check, broken, files)


def test_production_is_out_of_scope(stacks: Stacks, files: Mapping[str, Mapping[str, str]]) -> None:
    assert [estate.name for estate in pci.in_scope(stacks, files)] == ["idp-pci"]


def test_each_has_an_id() -> None:
    registered = {rule.check for rule in FILE_RULES}
    assert {check for check, _ in CASES.values()} <= registered
