"""Tests of the table of people's access: every bullet of the seed has its rows, and each says what it means."""

from __future__ import annotations

import pytest

from constructs_lib.iam.people import DESCRIPTIONS, RIGHTS, Right, rights_of
from constructs_lib.iam.workloads import Made
from constructs_lib.naming import Naming
from tests.unit.constructs_lib.iam.evaluate import allowed

NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")
SEED = {
    "admin": [
        "Full EKS access (all namespaces)",
        "CDK deploy permissions",
        "Secrets Manager read/write",
        "Aurora admin",
    ],
    "operator": ["EKS access (platform namespaces only)", "View secrets, no write", "Argo/ArgoCD management"],
    "viewer": ["Read-only EKS access", "View logs, metrics", "No secrets access"],
}
CLUSTER = "arn:aws:eks:us-west-2:111122223333:cluster/idp-platform"
SECRET = "arn:aws:secretsmanager:us-west-2:111122223333:secret:/idp/db/backstage-AbCdEf"
DATABASE = "arn:aws:rds:us-west-2:111122223333:cluster:idp-database"
LOGIN = "arn:aws:rds-db:us-west-2:111122223333:dbuser:cluster-ABCDEFGHIJKL01234/admin"
LOG = "arn:aws:logs:us-west-2:111122223333:log-group:/aws/eks/idp-platform/cluster:log-stream:kube-apiserver-1"
DEPLOYER = "arn:aws:iam::111122223333:role/idp-deployer"

# (action, resource) → who may.
ACCESS = {
    ("eks:DescribeCluster", CLUSTER): {"admin", "operator", "viewer"},
    ("eks:AccessKubernetesApi", CLUSTER): {"admin", "operator", "viewer"},
    ("eks:UpdateClusterConfig", CLUSTER): {"admin"},
    ("eks:DescribeCluster", CLUSTER.replace("idp-platform", "idp-pci")): set(),
    ("sts:AssumeRole", DEPLOYER): {"admin"},
    ("secretsmanager:GetSecretValue", SECRET): {"admin", "operator"},
    ("secretsmanager:PutSecretValue", SECRET): {"admin"},
    ("secretsmanager:GetSecretValue", SECRET.replace("/idp/", "/idp-pci/")): set(),
    ("secretsmanager:DeleteSecret", SECRET): set(),
    ("rds:FailoverDBCluster", DATABASE): {"admin"},
    ("rds:DeleteDBCluster", DATABASE): set(),
    ("rds-db:connect", LOGIN): {"admin"},
    ("logs:GetLogEvents", LOG): {"viewer"},
    ("cloudwatch:GetMetricData", "*"): {"viewer"},
    ("iam:CreateRole", DEPLOYER): set(),
}


def test_every_bullet_of_the_seed_has_a_row_and_every_row_a_bullet() -> None:
    found = {role: list(dict.fromkeys(right.bullet for right in RIGHTS if right.role == role)) for role in DESCRIPTIONS}
    assert found == SEED


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: f"{right.role}: {right.bullet}, {right.place}")
def test_a_row_of_aws_has_statements_and_one_of_kubernetes_none(right: Right, made: Made) -> None:
    assert bool(right.statements(NAMING, made)) == (right.place == "aws")
    assert right.what
    assert right.source


@pytest.mark.parametrize(("action", "resource"), ACCESS, ids=lambda part: part.rsplit("/", 1)[-1])
def test_who_may_do_what(action: str, resource: str, made: Made) -> None:
    found = {role for role in DESCRIPTIONS if allowed(rights_of(role, NAMING, made), action, resource)}
    assert found == ACCESS[action, resource]


def test_viewers_are_denied_values_whatever_else_they_get(made: Made) -> None:
    denied = {action for s in rights_of("viewer", NAMING, made) if s.deny for action in s.actions}
    assert {"secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "kms:Decrypt"} <= denied


@pytest.mark.parametrize("role", DESCRIPTIONS)
def test_statements_of_a_role_have_names_of_their_own(role: str, made: Made) -> None:
    sids = [statement.sid for statement in rights_of(role, NAMING, made)]  # type: ignore[arg-type]
    assert len(sids) == len(set(sids))
