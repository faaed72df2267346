"""Every cell of the access table that is AWS's: who may do what, of the roles as they are synthesized.

A cell names who may; whoever it doesn't name is refused. Policies, boundary and tags of sessions count together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.iam_evaluator import Request, Value, allowed
from tests.iam_json import ACCOUNT, policy
from tests.synth import Synth

BUCKET = f"arn:aws:s3:::idp-artifacts-example-org-{ACCOUNT}-us-west-2"
ECR = f"arn:aws:ecr:us-west-2:{ACCOUNT}:repository"
RDS, LOGS = f"arn:aws:rds:us-west-2:{ACCOUNT}", f"arn:aws:logs:us-west-2:{ACCOUNT}:log-group"
SECRET = f"arn:aws:secretsmanager:us-west-2:{ACCOUNT}:secret:/idp"
READ = "secretsmanager:GetSecretValue"
CLUSTER = f"arn:aws:eks:us-west-2:{ACCOUNT}:cluster/idp-platform"
ROLE = f"arn:aws:iam::{ACCOUNT}:role"
TAGGED_ALPHA, TAGGED_BETA = ({"aws:ResourceTag/kubernetes-namespace": f"team-{team}"} for team in ("alpha", "beta"))
DEPLOYMENT = {"aws:ResourceTag/deployment": "idp"}
DEVELOPERS, EXECUTORS = "alpha-developer beta-developer", "alpha-executor beta-executor"
READERS = "alpha-reader beta-reader"
STEPS = "alpha-executor alpha-reader alpha-builder"

TEAM_ROLES = ("developer", "viewer", "secrets")


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody's rights: policies, and the tags that the session has."""

    policies: list[dict[str, Any]]
    tags: Mapping[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def boundary(shipped: Synth) -> dict[str, Any]:
    return policy(shipped.stack("idp-foundation-iam").statements("boundary"))


@pytest.fixture(scope="module")
def sessions(shipped: Synth, teams: Synth) -> dict[str, Session]:
    iam = shipped.stack("idp-foundation-iam")
    found = {
        f"{team}-{role}": Session(policies=[policy(teams.stack(f"idp-teams-{team}").statements(role))])
        for team in ("alpha", "beta")
        for role in TEAM_ROLES
    }
    found |= {name: Session(policies=[policy(iam.statements(name))]) for name in ("admin", "operator", "viewer")}
    for step in ("executor", "reader", "builder"):
        rights = policy(iam.statements(f"argo_{step}_sa"))
        for team in ("alpha", "beta"):
            tags = {"aws:PrincipalTag/kubernetes-namespace": f"team-{team}"}
            found[f"{team}-{step}"] = Session(policies=[rights], tags=tags)
    found["external-secrets"] = Session(policies=[policy(iam.statements("external_secrets_sa"))])
    found["analysis-secrets"] = Session(policies=[policy(iam.statements("analysis_secrets"))])
    return found


# (action, resource, further context) → who may.
TABLE: list[tuple[str, str, Mapping[str, Value], str]] = [
    (
        "eks:DescribeCluster",
        CLUSTER,
        DEPLOYMENT,
        "admin operator viewer alpha-developer alpha-viewer beta-developer beta-viewer",
    ),
    ("eks:UpdateClusterConfig", CLUSTER, DEPLOYMENT, "admin"),
    ("eks:CreateAccessEntry", CLUSTER, DEPLOYMENT, "admin"),
    ("eks:DescribeCluster", CLUSTER.replace("idp-platform", "idp-pci"), {"aws:ResourceTag/deployment": "idp-pci"}, ""),
    ("rds:ModifyDBCluster", f"{RDS}:cluster:idp-aurora", DEPLOYMENT, "admin"),
    ("rds:DeleteDBCluster", f"{RDS}:cluster:idp-aurora", DEPLOYMENT, ""),
    ("rds:ModifyDBCluster", f"{RDS}:cluster:other", {}, ""),
    ("rds-db:connect", f"{RDS.replace('rds', 'rds-db')}:dbuser:cluster-ABCDEFGHIJKL01234/root", {}, "admin"),
    ("logs:GetLogEvents", f"{LOGS}:/aws/eks/idp-platform/cluster", {}, "viewer"),
    ("logs:DeleteLogGroup", f"{LOGS}:/aws/eks/idp-platform/cluster", {}, ""),
    ("cloudwatch:GetMetricData", "*", {}, "viewer"),
    ("ecr:PutImage", f"{ECR}/team/alpha/web", TAGGED_ALPHA, "alpha-developer alpha-executor"),
    ("ecr:BatchGetImage", f"{ECR}/team/alpha/web", TAGGED_ALPHA, "alpha-developer alpha-executor alpha-reader"),
    ("ecr:PutImage", f"{ECR}/team/beta/charts/web", TAGGED_BETA, "beta-developer beta-executor"),
    # Names that only start like the team's.
    ("ecr:PutImage", f"{ECR}/team/alphabet/web", {"aws:ResourceTag/kubernetes-namespace": "team-alphabet"}, ""),
    # Without the tag no workflow pushes, and the tag opens no repository that isn't a team's.
    ("ecr:PutImage", f"{ECR}/team/alpha/web", {}, "alpha-developer"),
    ("ecr:PutImage", f"{ECR}/platform/ci-tools", TAGGED_ALPHA, ""),
    ("ecr:TagResource", f"{ECR}/team/beta/web", TAGGED_BETA, ""),
    ("ecr:UntagResource", f"{ECR}/team/alpha/web", TAGGED_ALPHA, ""),
    ("ecr:PutImage", f"{ECR}/platform/ci-tools", {}, ""),
    (
        "ecr:BatchGetImage",
        f"{ECR}/platform/ci-tools",
        {},
        f"{DEVELOPERS} {EXECUTORS} {READERS}",
    ),
    ("ecr:CreateRepository", f"{ECR}/team/alpha/new", {}, ""),
    ("ecr:DeleteRepository", f"{ECR}/team/alpha/web", TAGGED_ALPHA, ""),
    ("ecr:BatchDeleteImage", f"{ECR}/team/alpha/web", TAGGED_ALPHA, ""),
    (
        "ecr:GetAuthorizationToken",
        "*",
        {},
        f"{DEVELOPERS} {EXECUTORS} {READERS} external-secrets",
    ),
    ("s3:GetObject", f"{BUCKET}/team-alpha/run/log", {}, f"alpha-developer {STEPS}"),
    ("s3:PutObject", f"{BUCKET}/team-alpha/run/log", {}, f"alpha-developer {STEPS}"),
    ("s3:DeleteObject", f"{BUCKET}/team-alpha/run/log", {}, "alpha-developer"),
    ("s3:GetObject", f"{BUCKET}/team-alphabet/run/log", {}, ""),
    ("s3:ListBucket", BUCKET, {"s3:prefix": "team-alpha/run"}, f"alpha-developer {STEPS}"),
    ("s3:ListBucket", BUCKET, {"s3:prefix": ""}, ""),
    ("s3:ListBucket", BUCKET, {}, ""),
    ("s3:GetObject", f"arn:aws:s3:::idp-tfstate-example-org-{ACCOUNT}-us-west-2/idp-teams-alpha", {}, ""),
    # Values of a team's secrets: read by its store, by operators and administrators; written by developers.
    (
        "secretsmanager:GetSecretValue",
        f"{SECRET}/team/alpha/database-AbCdEf",
        DEPLOYMENT,
        "admin operator alpha-secrets",
    ),
    (READ, f"{SECRET}/team/beta/database-AbCdEf", DEPLOYMENT, "admin operator beta-secrets"),
    ("secretsmanager:PutSecretValue", f"{SECRET}/team/alpha/database-AbCdEf", DEPLOYMENT, "admin alpha-developer"),
    ("secretsmanager:PutSecretValue", f"{SECRET}/db/backstage-AbCdEf", DEPLOYMENT, "admin"),
    ("secretsmanager:PutSecretValue", f"{SECRET}/team/alphabet/database-AbCdEf", DEPLOYMENT, "admin"),
    ("secretsmanager:DeleteSecret", f"{SECRET}/team/alpha/database-AbCdEf", DEPLOYMENT, ""),
    (READ, f"{SECRET}/db/backstage-AbCdEf", DEPLOYMENT, "admin operator external-secrets"),
    (READ, f"{SECRET}/team/alpha/x-AbCdEf", {"aws:ResourceTag/deployment": "other"}, ""),
    ("sts:AssumeRole", f"{ROLE}/idp/teams/idp-team-alpha-secrets", {}, "external-secrets"),
    ("sts:TagSession", f"{ROLE}/idp/teams/idp-team-alpha-secrets", {}, "external-secrets"),
    # What all teams receive is read by a role of its own, and not by who becomes it.
    (READ, f"{SECRET}/analysis/grafana-cloud-AbCdEf", DEPLOYMENT, "admin operator analysis-secrets"),
    ("sts:AssumeRole", f"{ROLE}/idp-analysis-secrets", {}, "external-secrets"),
    ("sts:AssumeRole", f"{ROLE}/idp/teams/idp-team-alpha-developer", {}, ""),
    ("sts:AssumeRole", f"{ROLE}/idp-deployer", {}, "admin"),
    ("iam:CreateRole", f"{ROLE}/idp/teams/idp-team-alpha-more", {}, ""),
    ("iam:PutRolePolicy", f"{ROLE}/idp/teams/idp-team-alpha-developer", {}, ""),
    ("iam:PassRole", f"{ROLE}/idp/teams/idp-team-alpha-developer", {"iam:PassedToService": "ec2.amazonaws.com"}, ""),
    ("ec2:RunInstances", "*", {}, ""),
    ("kms:Decrypt", f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1", {}, ""),
]


@pytest.mark.proves("7.2.1", "7.2.2", "7.3.2", "7.3.3")
@pytest.mark.parametrize(
    ("action", "resource", "context", "who"),
    TABLE,
    ids=[f"{action} {resource.rsplit(':', 1)[-1]} {index}" for index, (action, resource, *_) in enumerate(TABLE)],
)
def test_who_may(
    sessions: dict[str, Session],
    boundary: dict[str, Any],
    action: str,
    resource: str,
    context: Mapping[str, Value],
    who: str,
) -> None:
    found = {
        name
        for name, session in sessions.items()
        if allowed(
            Request(action=action, resource=resource, context={**context, **session.tags}), session.policies, boundary
        )
    }
    assert found == set(who.split())


@pytest.mark.proves("7.3.2")
def test_the_boundary_itself_lets_no_team_role_make_another(boundary: dict[str, Any]) -> None:
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    for action in ("iam:CreateRole", "iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary", "sts:AssumeRole"):
        request = Request(action=action, resource=f"{ROLE}/idp-admin")
        assert not allowed(request, [everything], boundary), action
