"""Tests of DNS Firewall and of query logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.extension import resolver
from sandbox.extension.store import Store
from tests.unit.sandbox.requests import request


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(resolver, "STORE", Store())
    yield


def call(target: str, account: str = "111122223333", **body: Any) -> dict[str, Any]:
    response = resolver.route(request("route53resolver", target=target, account=account, **body))
    assert response is not None
    found: dict[str, Any] = json.loads(response.body)
    return found


@pytest.fixture
def domains() -> str:
    identifier: str = call("CreateFirewallDomainList", Name="allowed")["FirewallDomainList"]["Id"]
    return identifier


@pytest.mark.parametrize(
    ("operation", "expected"),
    [("ADD", ["a.example.com", "b.example.com"]), ("REPLACE", ["b.example.com"]), ("REMOVE", ["a.example.com"])],
)
def test_domains_are_added_replaced_and_removed(domains: str, operation: str, expected: list[str]) -> None:
    call("UpdateFirewallDomains", FirewallDomainListId=domains, Operation="ADD", Domains=["a.example.com"])
    call("UpdateFirewallDomains", FirewallDomainListId=domains, Operation=operation, Domains=["b.example.com"])
    assert call("ListFirewallDomains", FirewallDomainListId=domains)["Domains"] == expected


def test_rules_are_those_of_their_group(domains: str) -> None:
    rule: dict[str, Any] = {
        "FirewallRuleGroupId": "one",
        "FirewallDomainListId": domains,
        "Action": "ALLOW",
        "Priority": 100,
    }
    call("CreateFirewallRule", **rule)
    assert call("ListFirewallRules", FirewallRuleGroupId="one")["FirewallRules"] == [rule]
    assert call("ListFirewallRules", FirewallRuleGroupId="two")["FirewallRules"] == []
    call("DeleteFirewallRule", FirewallRuleGroupId="one", FirewallDomainListId=domains)
    assert call("ListFirewallRules", FirewallRuleGroupId="one")["FirewallRules"] == []


def test_a_protected_association_stays_until_its_protection_is_taken_away() -> None:
    made = call("AssociateFirewallRuleGroup", FirewallRuleGroupId="one", VpcId="vpc-1", MutationProtection="ENABLED")
    key = {"FirewallRuleGroupAssociationId": made["FirewallRuleGroupAssociation"]["Id"]}
    assert call("DisassociateFirewallRuleGroup", **key)["__type"] == "ConflictException"
    call("UpdateFirewallRuleGroupAssociation", **key, MutationProtection="DISABLED")
    call("DisassociateFirewallRuleGroup", **key)
    assert call("GetFirewallRuleGroupAssociation", **key)["__type"] == "ResourceNotFoundException"


def test_query_logs_end_by_what_they_associate() -> None:
    given = {"ResolverQueryLogConfigId": "one", "ResourceId": "vpc-1"}
    made = call("AssociateResolverQueryLogConfig", **given)["ResolverQueryLogConfigAssociation"]
    key = {"ResolverQueryLogConfigAssociationId": made["Id"]}
    assert call("GetResolverQueryLogConfigAssociation", **key)["ResolverQueryLogConfigAssociation"] == made
    call("DisassociateResolverQueryLogConfig", **given)
    assert call("GetResolverQueryLogConfigAssociation", **key)["__type"] == "ResourceNotFoundException"


def test_a_vpc_fails_closed_unless_it_is_said_otherwise() -> None:
    assert call("GetFirewallConfig", ResourceId="vpc-1")["FirewallConfig"]["FirewallFailOpen"] == "DISABLED"
    call("UpdateFirewallConfig", ResourceId="vpc-1", FirewallFailOpen="ENABLED")
    (config,) = call("ListFirewallConfigs")["FirewallConfigs"]
    assert (config["ResourceId"], config["FirewallFailOpen"]) == ("vpc-1", "ENABLED")


def test_accounts_see_their_own(domains: str) -> None:
    other = call("GetFirewallDomainList", account="444455556666", FirewallDomainListId=domains)
    assert other["__type"] == "ResourceNotFoundException"
