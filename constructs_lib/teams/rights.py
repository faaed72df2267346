"""What people and secrets of a team may do in AWS: the rows behind the team's roles. Pure: imports no engine.

The seed gives developers images, artifacts and the cluster, and viewers the cluster. Below a team's own path developers
also write secrets: nobody else knows the values, and every path needs a maker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from config.deployment import Deployment
from constructs_lib.iam.document import Statement
from constructs_lib.iam.places import (
    PULL_IMAGE,
    PUSH_IMAGE,
    bucket_region,
    list_bucket,
    login,
    objects,
    read_secrets,
    secret_arn,
)
from constructs_lib.naming import Naming
from constructs_lib.registry.table import PLATFORM_PREFIX, repository_arn, upstream_patterns
from constructs_lib.teams.names import artifacts_prefix, repository_prefix, secrets_path

# developer and viewer are people; secrets is what External Secrets becomes to read for the team.
AwsRole = Literal["developer", "viewer", "secrets"]
Rights = Callable[[Naming, Deployment, str], list[Statement]]

_EKS = "Service Authorization Reference, Amazon EKS; Amazon EKS User Guide, Identity-based policy examples"
_LOOK_AT_IMAGES = ("ecr:DescribeImages", "ecr:DescribeImageScanFindings", "ecr:DescribeRepositories", "ecr:ListImages")
_WRITE_SECRET = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
)


@dataclass(frozen=True, kw_only=True)
class TeamRight:
    """One row. ``bullet`` is the seed's own, or says why it is there; ``source`` says where its actions are from."""

    role: AwsRole
    bullet: str
    what: str
    source: str
    statements: Rights


def _cluster(naming: Naming, deployment: Deployment, team: str) -> list[Statement]:
    del deployment, team
    actions = ("eks:AccessKubernetesApi", "eks:DescribeCluster")
    return [Statement(sid="Cluster", actions=actions, resources=(naming.cluster_arn,))]


def _images(naming: Naming, deployment: Deployment, team: str) -> list[Statement]:
    own = repository_arn(naming, deployment, f"{repository_prefix(team)}*")
    bases = (*upstream_patterns(deployment), f"{PLATFORM_PREFIX}/*")
    return [
        login(),
        Statement(
            sid="OwnImages",
            actions=tuple(sorted({*PULL_IMAGE, *PUSH_IMAGE, *_LOOK_AT_IMAGES})),
            resources=(own,),
        ),
        Statement(
            sid="BaseImages",
            actions=PULL_IMAGE,
            resources=tuple(repository_arn(naming, deployment, pattern) for pattern in bases),
        ),
    ]


def _artifacts(naming: Naming, deployment: Deployment, team: str) -> list[Statement]:
    del deployment
    prefix = artifacts_prefix(team)
    actions = ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject")
    return [
        bucket_region(naming, "artifacts"),
        list_bucket(naming, "artifacts", f"{prefix}*"),
        objects(naming, "artifacts", actions, prefix=prefix),
    ]


def _write_secrets(naming: Naming, deployment: Deployment, team: str) -> list[Statement]:
    del deployment
    own = secret_arn(naming, f"{secrets_path(team)}*")
    return [Statement(sid="WriteOwnSecrets", actions=_WRITE_SECRET, resources=(own,))]


def _read_secrets(naming: Naming, deployment: Deployment, team: str) -> list[Statement]:
    del deployment
    return [read_secrets(naming, f"{secrets_path(team)}*")]


TEAM_RIGHTS: tuple[TeamRight, ...] = (
    TeamRight(
        role="developer",
        bullet="EKS: team-{name} namespace (full), staging (deploy)",
        what="find the cluster and reach its API",
        source=_EKS,
        statements=_cluster,
    ),
    TeamRight(
        role="developer",
        bullet="ECR: push/pull team repos",
        what="push to and pull from team/{name}/, pull base images of the platform and of the caches",
        source="Amazon ECR User Guide, Private repository policy examples",
        statements=_images,
    ),
    TeamRight(
        role="developer",
        bullet="S3: team artifact prefix",
        what="read, write and delete below team-{name}/ of the artifacts bucket",
        source="Amazon S3 User Guide, Policy examples (folders of a bucket)",
        statements=_artifacts,
    ),
    TeamRight(
        role="developer",
        bullet="added: a team's secrets need a maker",
        what="write values below /<id>/team/{name}/; reading them is External Secrets'",
        source="Secrets Manager User Guide, Permissions policy examples",
        statements=_write_secrets,
    ),
    TeamRight(
        role="viewer",
        bullet="EKS: team-{name} namespace (read-only)",
        what="find the cluster and reach its API",
        source=_EKS,
        statements=_cluster,
    ),
    TeamRight(
        role="secrets",
        bullet="added: a store reads for one namespace",
        what="read values below /<id>/team/{name}/, as the store of namespace team-{name}",
        source="External Secrets documentation, AWS Secrets Manager provider, IAM Policy",
        statements=_read_secrets,
    ),
)


def rights_of(role: AwsRole, naming: Naming, deployment: Deployment, team: str) -> list[Statement]:
    """The statements of ``<id>-team-<team>-<role>``."""
    return [
        statement
        for right in TEAM_RIGHTS
        if right.role == role
        for statement in right.statements(naming, deployment, team)
    ]
