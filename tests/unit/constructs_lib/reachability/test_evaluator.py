"""The evaluator on small cases, each with the answer that Kubernetes or the VPC CNI documents."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.reachability.evaluator import Evaluator, Place, Pod, Service, networks
from constructs_lib.reachability.policy import matches, policy

NODES = Place(name="nodes", blocks=networks("10.0.0.0/24"))
OUTSIDE = Place(name="outside", blocks=networks("0.0.0.0/0"), without=networks("10.0.0.0/8"))
NAMESPACES = {name: {"kubernetes.io/metadata.name": name, "kind": kind} for name, kind in (("a", "x"), ("b", "y"))}
WEB = Pod(name="web", namespace="a", labels={"app": "web", "tier": "front"}, addresses=NODES)
DB = Pod(name="db", namespace="b", labels={"app": "db"}, addresses=NODES)
IN_B = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "b"}}}
IN_A = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "a"}}}
ANY_BLOCK = {"ipBlock": {"cidr": "0.0.0.0/0"}}


def made(namespace: str, **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "p", "namespace": namespace}, "spec": {"podSelector": {}} | spec}


def asked(*policies: dict[str, Any], blocks_hold_pods: bool = True) -> Evaluator:
    return Evaluator(map(policy, policies), NAMESPACES, blocks_hold_pods=blocks_hold_pods)


def out(*rules: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """A policy of namespace a with rules of egress."""
    return made("a", policyTypes=["Egress"], egress=list(rules), **spec)


def into(*rules: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """A policy of namespace b with rules of ingress."""
    return made("b", policyTypes=["Ingress"], ingress=list(rules), **spec)


def said(found: Evaluator, source: Any = WEB, destination: Any = DB) -> str:
    return str(found.reach(source, destination).some)


def port(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"port": number, **more}]


def test_without_policies_everything_is_open() -> None:
    assert said(asked()) == "every port"


def test_a_policy_without_rules_shuts_its_direction_only() -> None:
    found = asked(out())
    assert said(found) == "no port"
    assert said(found, DB, WEB) == "every port"


def test_a_policy_that_selects_other_pods_shuts_nothing() -> None:
    assert said(asked(out(podSelector={"matchLabels": {"app": "other"}}))) == "every port"


def test_a_policy_of_another_namespace_shuts_nothing() -> None:
    assert said(asked(made("b", policyTypes=["Egress"]))) == "every port"


def test_without_types_ingress_is_isolated_and_egress_where_it_has_rules() -> None:
    assert said(asked(made("a")), DB, WEB) == "no port"
    assert said(asked(made("a"))) == "every port"
    assert said(asked(made("a", egress=[{"to": [IN_A]}]))) == "no port"


@pytest.mark.parametrize(
    ("policies", "text"),
    [
        ([out({"to": [IN_B], "ports": port(1)})], "TCP 1"),
        ([out({"to": [IN_B], "ports": port(1)}), into()], "no port"),
        ([out({"to": [IN_B], "ports": port(1)}), into({"from": [IN_A], "ports": port(2)})], "no port"),
        ([out({"to": [IN_B], "ports": port(1)}), into({"from": [IN_A], "ports": port(1)})], "TCP 1"),
    ],
    ids=["egress only", "ingress shut", "other port", "both"],
)
def test_both_ends_must_allow(policies: list[dict[str, Any]], text: str) -> None:
    assert said(asked(*policies)) == text


def test_policies_and_rules_add_up() -> None:
    policies = [out({"to": [IN_B], "ports": port(1)}), out({"to": [IN_B], "ports": port(2)}, {"ports": port(3)})]
    assert said(asked(*policies)) == "TCP 1-3"


def test_a_rule_without_peers_is_for_everybody_and_without_ports_for_all() -> None:
    assert said(asked(out({"ports": port(1)})), WEB, OUTSIDE) == "TCP 1"
    assert said(asked(out({"to": [IN_B]}))) == "every port"
    assert said(asked(out({}))) == "every port"


def test_a_pod_selector_alone_means_the_policys_own_namespace() -> None:
    peer = {"podSelector": {"matchLabels": {"app": "db"}}}
    assert said(asked(out({"to": [peer]}))) == "no port"
    assert said(asked(out({"to": [peer]})), WEB, Pod(name="x", namespace="a", labels=DB.labels, addresses=NODES)) == (
        "every port"
    )


def test_selectors_of_one_peer_both_hold_and_of_two_either() -> None:
    db, front = {"podSelector": {"matchLabels": {"app": "db"}}}, {"podSelector": {"matchLabels": {"app": "front"}}}
    assert said(asked(out({"to": [IN_B | db]}))) == "every port"
    assert said(asked(out({"to": [IN_B | front]}))) == "no port"
    assert said(asked(out({"to": [IN_B, front]}))) == "every port"


def test_an_empty_namespace_selector_is_every_namespace() -> None:
    assert said(asked(out({"to": [{"namespaceSelector": {}}]}))) == "every port"


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ({"key": "app", "operator": "In", "values": ["web", "db"]}, True),
        ({"key": "app", "operator": "In", "values": ["db"]}, False),
        ({"key": "app", "operator": "NotIn", "values": ["db"]}, True),
        ({"key": "none", "operator": "NotIn", "values": ["db"]}, True),
        ({"key": "app", "operator": "Exists"}, True),
        ({"key": "none", "operator": "Exists"}, False),
        ({"key": "none", "operator": "DoesNotExist"}, True),
    ],
)
def test_expressions_of_selectors(expression: dict[str, Any], holds: bool) -> None:
    assert matches({"matchExpressions": [expression]}, WEB.labels) is holds


def test_an_unknown_operator_is_an_error() -> None:
    with pytest.raises(ValueError, match="no operator 'Gt'"):
        matches({"matchExpressions": [{"key": "a", "operator": "Gt"}]}, {})


def test_a_block_is_open_less_its_exceptions() -> None:
    found = asked(out({"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}], "ports": port(80)}))
    metadata = Place(name="metadata", blocks=networks("169.254.169.254/32"))
    near = Place(name="near", blocks=networks("169.253.0.0/16"))
    assert said(found, WEB, metadata) == "no port"
    assert said(found, WEB, near) == "TCP 80"


def test_what_one_block_leaves_out_another_may_allow() -> None:
    link_local = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}
    agent = {"ipBlock": {"cidr": "169.254.170.23/32"}}
    found = asked(out({"to": [link_local, agent], "ports": port(80)}))
    assert said(found, WEB, Place(name="agent", blocks=networks("169.254.170.23/32"))) == "TCP 80"


def test_a_place_may_be_open_in_part() -> None:
    found = asked(out({"to": [{"ipBlock": {"cidr": "10.0.0.7/32"}}], "ports": port(1)}))
    reach = found.reach(WEB, NODES)
    assert (str(reach.some), str(reach.every)) == ("TCP 1", "no port")


def test_addresses_that_a_place_leaves_out_do_not_count() -> None:
    found = asked(out({"to": [{"ipBlock": {"cidr": "10.0.0.7/32"}}]}))
    others = Place(name="others", blocks=NODES.blocks, without=networks("10.0.0.7/32"))
    assert said(found, WEB, others) == "no port"


def test_a_block_holds_pods_or_not_by_the_reading() -> None:
    policies = out({"to": [ANY_BLOCK], "ports": port(1)})
    assert said(asked(policies)) == "TCP 1"
    assert said(asked(policies, blocks_hold_pods=False)) == "no port"
    assert said(asked(policies, blocks_hold_pods=False), WEB, OUTSIDE) == "TCP 1"


def test_a_place_as_the_source_is_let_in_by_its_block() -> None:
    found = asked(into({"from": [{"ipBlock": {"cidr": "10.0.0.0/24"}}], "ports": port(9)}))
    assert said(found, NODES, DB) == "TCP 9"
    assert said(found, OUTSIDE, DB) == "no port"


def test_a_service_is_reached_where_the_peer_matches_the_services_own_selector() -> None:
    service = Service(namespace="b", selector={"app": "db"}, address=Place(name="s", blocks=networks("172.20.0.9/32")))
    pod = Pod(name="db", namespace="b", labels={"app": "db", "version": "2"}, addresses=NODES)
    by_selector = asked(out({"to": [IN_B | {"podSelector": {"matchLabels": {"app": "db"}}}]}))
    by_more = asked(out({"to": [IN_B | {"podSelector": {"matchLabels": {"app": "db", "version": "2"}}}]}))
    assert str(by_selector.reach_by(service, WEB, pod).some) == "every port"
    assert str(by_more.reach(WEB, pod).some) == "every port"
    assert str(by_more.reach_by(service, WEB, pod).some) == "no port"


def test_a_block_of_pods_does_not_open_the_services_address() -> None:
    service = Service(namespace="b", selector=DB.labels, address=Place(name="s", blocks=networks("172.20.0.9/32")))
    found = asked(out({"to": [{"ipBlock": {"cidr": "10.0.0.0/24"}}]}))
    assert str(found.reach(WEB, DB).some) == "every port"
    assert str(found.reach_by(service, WEB, DB).some) == "no port"


def test_isolation_is_told_by_direction() -> None:
    found = asked(out())
    assert found.isolated(WEB, "egress")
    assert not found.isolated(WEB, "ingress")
