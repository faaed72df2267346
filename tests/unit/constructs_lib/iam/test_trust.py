"""Tests of trust policies: who may assume a role, and under which conditions."""

from __future__ import annotations

from constructs_lib.iam.document import Statement
from constructs_lib.iam.trust import own_role_trust, pod_identity_trust
from constructs_lib.naming import Naming

NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")


def conditions(statement: Statement) -> dict[str, tuple[str, ...]]:
    return {condition.variable: condition.values for condition in statement.conditions}


def test_pods_are_bound_to_account_cluster_namespace_and_service_account() -> None:
    (statement,) = pod_identity_trust(NAMING, [("backstage", "backstage-sa")])
    assert statement.principals == {"Service": ("pods.eks.amazonaws.com",)}
    assert set(statement.actions) == {"sts:AssumeRole", "sts:TagSession"}
    assert conditions(statement) == {
        "aws:SourceAccount": ("111122223333",),
        "aws:SourceArn": ("arn:aws:eks:us-west-2:111122223333:cluster/idp-platform",),
        "aws:RequestTag/kubernetes-namespace": ("backstage",),
        "aws:RequestTag/kubernetes-service-account": ("backstage-sa",),
    }


def test_a_service_account_of_one_namespace_does_not_count_in_another() -> None:
    found = pod_identity_trust(NAMING, [("a", "x"), ("b", "y"), ("b", "z")])
    assert [
        (
            conditions(statement)["aws:RequestTag/kubernetes-namespace"],
            conditions(statement)["aws:RequestTag/kubernetes-service-account"],
        )
        for statement in found
    ] == [(("a",), ("x",)), (("b",), ("y", "z"))]
    assert len({statement.sid for statement in found}) == 2


def test_a_role_that_may_not_exist_yet_is_trusted_by_condition() -> None:
    statement = own_role_trust(NAMING, "admin")
    assert statement.principals == {"AWS": ("arn:aws:iam::111122223333:root",)}
    assert conditions(statement) == {"aws:PrincipalArn": ("arn:aws:iam::111122223333:role/idp-admin",)}
