"""Identities of portal, pipelines and deployments: Backstage, Argo Workflows, Argo CD, and the database's bootstrap."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from config.deployment import Deployment
from constructs_lib.data.secrets_table import BOOTSTRAP_JOB, rows
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.places import (
    NAMESPACE,
    NAMESPACE_TAG,
    PULL_IMAGE,
    PUSH_IMAGE,
    READ_SECRET,
    bucket_region,
    list_bucket,
    login,
    objects,
    pull,
    read_secrets,
    secret_arn,
    with_signing_key,
)
from constructs_lib.iam.workloads import Made, Workload
from constructs_lib.naming import Naming
from constructs_lib.registry.table import NAMESPACE_TAG as REPOSITORY_TAG
from constructs_lib.registry.table import PLATFORM_PREFIX, TEAM_PREFIX, cache_patterns, repository_arn
from constructs_lib.workflows.accounts import BUILDER, EXECUTOR, READER

# Where workflows of the platform itself run; its executors alone push platform images.
PIPELINES = "argo"
# Keys of workflow artifacts start with the workflow's namespace; charts for Argo CD have a place of their own.
CHART_PREFIX = "charts/"
_MOVE = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")


def _backstage(naming: Naming, deployment: Deployment) -> list[Statement]:
    # Read only: a workflow publishes, as techdocs-publisher-sa.
    del deployment
    return [
        list_bucket(naming, "techdocs"),
        objects(naming, "techdocs", ("s3:GetObject",)),
        read_secrets(naming, "backstage/*"),
    ]


def _techdocs_publisher(naming: Naming, deployment: Deployment) -> list[Statement]:
    del deployment
    return [
        list_bucket(naming, "techdocs"),
        objects(naming, "techdocs", ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")),
        *_artifacts(naming),
    ]


def _step(naming: Naming, deployment: Deployment) -> list[Statement]:
    """A step that runs what a repository says, or that deploys by rights of Kubernetes (chart idp-team)."""
    del deployment
    return _artifacts(naming)


def _artifacts(naming: Naming) -> list[Statement]:
    """Logs and artifacts of a step, below its namespace's prefix: the pod itself moves them."""
    return [
        dataclasses.replace(bucket_region(naming, "artifacts"), sid="ArtifactsRegion"),
        dataclasses.replace(list_bucket(naming, "artifacts", f"{NAMESPACE}/*"), sid="ListArtifacts"),
        dataclasses.replace(objects(naming, "artifacts", _MOVE, prefix=f"{NAMESPACE}/"), sid="Artifacts"),
    ]


def _workflow_controller(naming: Naming, deployment: Deployment) -> list[Statement]:
    images = pull(naming, deployment, *cache_patterns(deployment), f"{PLATFORM_PREFIX}/*", f"{TEAM_PREFIX}/*")
    return [login(), images]


def _workflow_server(naming: Naming, deployment: Deployment) -> list[Statement]:
    del deployment
    return [
        bucket_region(naming, "artifacts"),
        list_bucket(naming, "artifacts"),
        objects(naming, "artifacts", ("s3:GetObject",)),
    ]


def _reader(naming: Naming, deployment: Deployment) -> list[Statement]:
    """Pulls base images for the builder, and asks for digests."""
    own = _own_images(naming, deployment, PULL_IMAGE)
    return [*_artifacts(naming), login(), *_pull_images(naming, deployment), own]


def _pull_images(naming: Naming, deployment: Deployment) -> list[Statement]:
    caches = tuple(repository_arn(naming, deployment, pattern) for pattern in cache_patterns(deployment))
    imports = Statement(
        sid="ImportImages", actions=("ecr:BatchImportUpstreamImage", "ecr:CreateRepository"), resources=caches
    )
    pulls = Statement(
        sid="PullImages",
        actions=PULL_IMAGE,
        resources=(*caches, repository_arn(naming, deployment, f"{PLATFORM_PREFIX}/*")),
    )
    return [pulls, *([imports] if caches else [])]


def _executor(naming: Naming, deployment: Deployment) -> list[Statement]:
    """Publishes images. No step that runs a repository's code has the account (tools/workflow_rules.py)."""
    return [
        bucket_region(naming, "artifacts"),
        list_bucket(naming, "artifacts", f"{NAMESPACE}/*"),
        objects(naming, "artifacts", _MOVE, prefix=f"{NAMESPACE}/"),
        login(),
        *_pull_images(naming, deployment),
        _own_images(naming, deployment, (*PULL_IMAGE, *PUSH_IMAGE)),
        Statement(
            sid="PushPlatformImages",
            actions=PUSH_IMAGE,
            resources=(repository_arn(naming, deployment, f"{PLATFORM_PREFIX}/*"),),
            conditions=(when("StringEquals", NAMESPACE_TAG, PIPELINES),),
        ),
        # What it pushes is signed by the same step (workflow-templates/image/image-publish.yaml).
        with_signing_key(naming, "kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"),
    ]


def _own_images(naming: Naming, deployment: Deployment, actions: Sequence[str]) -> Statement:
    """What is done with repositories whose tag names the session's namespace.

    A team's repositories are ``team/<name>/``, its namespace is ``team-<name>``: no pattern makes one of the other, and
    nobody but the deployer tags repositories. Source: Amazon ECR User Guide, "Using tag-based access control".
    """
    return Statement(
        sid="OwnImages",
        actions=tuple(sorted(set(actions))),
        resources=(repository_arn(naming, deployment, f"{TEAM_PREFIX}/*"),),
        conditions=(when("StringEquals", f"aws:ResourceTag/{REPOSITORY_TAG}", NAMESPACE),),
    )


def _argocd(naming: Naming, deployment: Deployment) -> list[Statement]:
    return [
        login(),
        pull(naming, deployment, f"{PLATFORM_PREFIX}/*", f"{TEAM_PREFIX}/*"),
        objects(naming, "artifacts", ("s3:GetObject",), prefix=CHART_PREFIX),
    ]


def _database_bootstrap(naming: Naming, deployment: Deployment) -> list[Statement]:
    """Make what the table of secrets says the job makes. It reads it too: an interrupted change is gone on with."""
    paths = [secret.path for secret in rows(deployment) if secret.maker == BOOTSTRAP_JOB]
    make = Statement(
        sid="MakeSecrets",
        actions=(*READ_SECRET, "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"),
        # AWS adds a dash and six characters to a secret's name; "*" would take in longer names.
        resources=tuple(secret_arn(naming, f"{path}-??????") for path in paths),
    )
    return [make] if paths else []


def _master_secret(made: Made) -> list[Statement]:
    return [Statement(sid="MasterSecret", actions=READ_SECRET, resources=(made.database_master_secret_arn,))]


def _everywhere(account: str) -> tuple[tuple[str, str], ...]:
    """Of steps of workflows: where the platform's run, and where teams' do."""
    return ((PIPELINES, account), ("team-*", account))


DELIVERY: tuple[Workload, ...] = (
    Workload(
        name="backstage-sa",
        bindings=(("backstage", "backstage-sa"),),
        components=("backstage",),
        statements=_backstage,
        source="seed, idp-backstage-sa; Backstage documentation, TechDocs, Using cloud storage (S3 calls of awsS3)",
    ),
    Workload(
        name="techdocs-publisher-sa",
        bindings=((PIPELINES, "techdocs-publisher"),),
        # Published by a workflow, whether or not Backstage shows it.
        components=("argo-workflows",),
        statements=_techdocs_publisher,
        source="Backstage documentation, TechDocs, Using cloud storage: the pipeline publishes and removes stale pages",
    ),
    Workload(
        name="argo-controller-sa",
        bindings=((PIPELINES, "argo-workflows-controller"),),
        components=("argo-workflows",),
        statements=_workflow_controller,
        source=(
            "seed, idp-argo-controller-sa, without s3:* and secrets: pods and the server move artifacts, and Git's "
            "logins are the GitHub App's (docs/adr/0025); "
            "Argo Workflows documentation, Workflow Executors: it looks up an image's command in the registry"
        ),
    ),
    Workload(
        name="argo-server-sa",
        bindings=((PIPELINES, "argo-workflows-server"),),
        components=("argo-workflows",),
        statements=_workflow_server,
        source="Argo Workflows documentation, Configuring Your Artifact Repository: the server shows artifacts",
    ),
    Workload(
        name="argo-executor-sa",
        bindings=_everywhere(EXECUTOR),
        components=("argo-workflows",),
        statements=_executor,
        source=(
            "seed, idp-argo-executor-sa, with ecr:* read as push to repositories tagged with the namespace, and pull; "
            "Argo Workflows documentation, Configuring Your Artifact Repository (AWS S3 IAM policy)"
        ),
    ),
    Workload(
        name="argo-reader-sa",
        bindings=_everywhere(READER),
        components=("argo-workflows",),
        statements=_reader,
        source="Amazon ECR User Guide, Private repository policy examples (pull), Pull through cache IAM permissions",
    ),
    Workload(
        name="argo-builder-sa",
        bindings=_everywhere(BUILDER),
        components=("argo-workflows",),
        statements=_step,
        source="Argo Workflows documentation, Configuring Your Artifact Repository (AWS S3 IAM policy)",
    ),
    Workload(
        name="argo-deployer-sa",
        bindings=(("team-*", "workflows-deployer"),),
        components=("argo-workflows",),
        statements=_step,
        source="Argo Workflows documentation, Configuring Your Artifact Repository (AWS S3 IAM policy)",
    ),
    Workload(
        name="argocd-sa",
        # The controller is the seed's binding; the repo server is what pulls charts.
        bindings=(("argocd", "argocd-application-controller"), ("argocd", "argocd-repo-server")),
        components=("argocd",),
        statements=_argocd,
        source="seed, idp-argocd-sa; Amazon ECR User Guide, Private repository policy examples (pull)",
    ),
    Workload(
        name="database-bootstrap-sa",
        bindings=(("database-bootstrap", "database-bootstrap"),),
        components=("backstage", "argo-workflows"),
        statements=_database_bootstrap,
        on_made=_master_secret,
        source="Secrets Manager User Guide, Permissions policy examples; the table of secrets names what the job makes",
    ),
)
