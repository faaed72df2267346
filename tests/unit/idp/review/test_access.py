"""Tests of who may do what, as the JSON says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from idp.output import read_output
from idp.review.access import Access, Entry, Statement, access
from tests.unit.idp.review.output import write_stack

TRUST = {
    "actions": ["sts:AssumeRole"],
    "effect": "Allow",
    "principals": [{"type": "Service", "identifiers": ["pods.eks.amazonaws.com"]}],
    "condition": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["111122223333"]}],
}
READ = {"actions": ["s3:GetObject"], "effect": "Allow", "resources": ["arn:aws:s3:::logs/*"]}
NO_WRITE = {"actions": ["s3:Put*"], "effect": "Deny", "resources": ["*"]}
ONLY_TLS = {"not_actions": ["s3:List*"], "not_principals": [{"type": "AWS", "identifiers": ["arn:aws:iam::1:root"]}]}


def _found(tmp_path: Path, resources: dict[str, Any]) -> Access:
    documents = {"trust": [TRUST], "read": [READ], "no_write": [NO_WRITE], "bucket": [ONLY_TLS]}
    statements = {name: {"statement": rows} for name, rows in documents.items()}
    write_stack(tmp_path, "idp-a", {"resource": resources, "data": {"aws_iam_policy_document": statements}})
    return access(read_output(tmp_path))


def _document(name: str) -> str:
    return f"${{data.aws_iam_policy_document.{name}.json}}"


def test_a_role_has_its_trust_its_own_rights_and_those_attached(tmp_path: Path) -> None:
    role = {"name": "idp-reader", "assume_role_policy": _document("trust"), "permissions_boundary": "boundary"}
    attached = {
        "own": {"role": "${aws_iam_role.reader.name}", "policy_arn": "${aws_iam_policy.no_write.arn}"},
        "aws": {"role": "${aws_iam_role.reader.name}", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        "other": {"role": "${aws_iam_role.other.name}", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    }
    found = _found(
        tmp_path,
        {
            "aws_iam_role": {"reader": role},
            "aws_iam_role_policy": {"reader": {"role": "${aws_iam_role.reader.id}", "policy": _document("read")}},
            "aws_iam_policy": {"no_write": {"policy": _document("no_write")}},
            "aws_iam_role_policy_attachment": attached,
        },
    )
    (reader,) = found.roles
    assert (reader.item, reader.name, reader.boundary) == ("idp-a/aws_iam_role.reader", "idp-reader", "boundary")
    assert reader.trust == (
        Statement(
            effect="Allow",
            who=("service pods.eks.amazonaws.com",),
            actions=("sts:AssumeRole",),
            resources=(),
            conditions=("aws:SourceAccount StringEquals 111122223333",),
        ),
    )
    assert [(row.effect, row.actions) for row in reader.rights] == [
        ("Allow", ("s3:GetObject",)),
        ("Deny", ("s3:Put*",)),
    ]
    assert reader.managed == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)
    assert found.guarded == ()


def test_a_resource_has_its_policy_with_what_it_leaves_out(tmp_path: Path) -> None:
    (bucket,) = _found(tmp_path, {"aws_s3_bucket_policy": {"logs": {"policy": _document("bucket")}}}).guarded
    assert bucket.item == "idp-a/aws_s3_bucket_policy.logs"
    assert [(row.who, row.actions) for row in bucket.statements] == [
        (("all but arn:aws:iam::1:root",), ("all but s3:List*",))
    ]


def test_ways_into_the_cluster_and_out_of_it(tmp_path: Path) -> None:
    entry = {"principal_arn": "arn:aws:iam::1:role/operator", "kubernetes_groups": ["operators"], "type": "STANDARD"}
    association = {
        "principal_arn": "arn:aws:iam::1:role/viewer",
        "policy_arn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        "access_scope": {"type": "namespace", "namespaces": ["argo", "argocd"]},
    }
    pod = {"namespace": "argocd", "service_account": "server", "role_arn": "arn:aws:iam::1:role/argocd-sa"}
    found = _found(
        tmp_path,
        {
            "aws_eks_access_entry": {"operator": entry},
            "aws_eks_access_policy_association": {"viewer": association},
            "aws_eks_pod_identity_association": {"argocd": pod},
        },
    )
    assert found.entries == (
        Entry(
            item="idp-a/aws_eks_access_entry.operator",
            who="arn:aws:iam::1:role/operator",
            what="group operators",
            where="by RBAC",
        ),
        Entry(
            item="idp-a/aws_eks_access_policy_association.viewer",
            who="arn:aws:iam::1:role/viewer",
            what="AmazonEKSViewPolicy",
            where="namespaces argo, argocd",
        ),
    )
    assert [(each.who, each.what) for each in found.pods] == [("argocd/server", "arn:aws:iam::1:role/argocd-sa")]
