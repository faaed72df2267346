"""Identities of what keeps the platform running: secrets, names, certificates, policies, backups, self-service."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.data.secrets_table import ANALYSIS_ROLE
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.places import list_bucket, login, objects, pull, read_secrets, with_signing_key
from constructs_lib.iam.workloads import Made, Workload
from constructs_lib.naming import Naming
from constructs_lib.registry.table import CHARTS, PLATFORM_PREFIX, TEAM_PREFIX, upstream_patterns


def _external_secrets(naming: Naming, deployment: Deployment) -> list[Statement]:
    charts = pull(naming, deployment, f"{PLATFORM_PREFIX}/{CHARTS}/*", f"{TEAM_PREFIX}/*/{CHARTS}/*")
    teams = naming.role_arn("team-*-secrets", naming.team_role_path)
    shared = (naming.role_arn(ANALYSIS_ROLE),) if deployment.components.analysis() else ()
    return [
        read_secrets(naming, "db/*", "oauth/*", "api/*"),
        # A team's secrets are read as the team's role, which its store names, and so is what all teams receive. Tags of
        # the session go along.
        Statement(sid="BecomeTeams", actions=("sts:AssumeRole", "sts:TagSession"), resources=(teams, *shared)),
        # A registry token has the rights of who asked for it: Argo CD pulls charts by the token that is made here.
        *([login(), charts] if "argocd" in deployment.components.enabled() else []),
    ]


def _zone_arn(made: Made) -> str:
    return f"arn:aws:route53:::hostedzone/{made.zone_id}"


def _records(made: Made, *types: str) -> Statement:
    """Change records of ``types`` only.

    Source: Route 53 Developer Guide, "Using IAM policy conditions for fine-grained access control".
    """
    return Statement(
        sid="ChangeRecords",
        actions=("route53:ChangeResourceRecordSets",),
        resources=(_zone_arn(made),),
        conditions=(when("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", *types),),
    )


def _cert_manager(made: Made) -> list[Statement]:
    return [
        Statement(sid="WaitForChange", actions=("route53:GetChange",), resources=("arn:aws:route53:::change/*",)),
        Statement(sid="ReadRecords", actions=("route53:ListResourceRecordSets",), resources=(_zone_arn(made),)),
        _records(made, "TXT"),
        Statement(sid="FindZone", actions=("route53:ListHostedZonesByName",), resources=("*",)),
    ]


def _external_dns(made: Made) -> list[Statement]:
    return [
        Statement(
            sid="ReadRecords",
            actions=("route53:ListResourceRecordSets", "route53:ListTagsForResource"),
            resources=(_zone_arn(made),),
        ),
        _records(made, "A", "AAAA", "CNAME", "TXT"),
        Statement(sid="FindZone", actions=("route53:ListHostedZones",), resources=("*",)),
    ]


def _kyverno(naming: Naming, deployment: Deployment) -> list[Statement]:
    images = pull(naming, deployment, *upstream_patterns(deployment), f"{PLATFORM_PREFIX}/*", f"{TEAM_PREFIX}/*")
    return [login(), images, with_signing_key(naming, "kms:DescribeKey", "kms:GetPublicKey")]


def _velero(naming: Naming, deployment: Deployment) -> list[Statement]:
    """The bucket only: the EBS driver snapshots volumes, by its own role."""
    del deployment
    return [
        list_bucket(naming, "backups"),
        objects(
            naming,
            "backups",
            (
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
                "s3:PutObjectTagging",
            ),
        ),
    ]


def _crossplane(naming: Naming, deployment: Deployment) -> list[Statement]:
    """Buckets, queues and topics named ``<id>-xp-*``: what the providers manage. No IAM, no network, no database."""
    del deployment
    own = naming.name("xp", "*")
    buckets = (
        "s3:CreateBucket",
        "s3:DeleteBucket",
        # Reading a bucket is reading all its settings, those too that nobody may change here.
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
    )
    queues = (
        "CreateQueue",
        "DeleteQueue",
        "GetQueue*",
        "ListQueueTags",
        "SetQueueAttributes",
        "TagQueue",
        "UntagQueue",
    )
    topics = ("CreateTopic", "DeleteTopic", "GetTopicAttributes", "ListTagsForResource", "SetTopicAttributes")
    return [
        Statement(sid="Buckets", actions=buckets, resources=(f"arn:aws:s3:::{own}",)),
        Statement(sid="Queues", actions=tuple(f"sqs:{a}" for a in queues), resources=(naming.arn("sqs", own),)),
        Statement(
            sid="Topics",
            actions=(*(f"sns:{action}" for action in topics), "sns:TagResource", "sns:UntagResource"),
            resources=(naming.arn("sns", own),),
        ),
    ]


def _crossplane_packages(naming: Naming, deployment: Deployment) -> list[Statement]:
    """Packages of the platform's own registry: Crossplane reads them before any node pulls them."""
    return [login(), pull(naming, deployment, f"{PLATFORM_PREFIX}/crossplane-contrib/*")]


OPERATIONS: tuple[Workload, ...] = (
    Workload(
        name="external-secrets-sa",
        bindings=(("external-secrets", "external-secrets"),),
        components=("external-secrets",),
        statements=_external_secrets,
        source=(
            "seed, idp-external-secrets-sa, without the paths that workloads read by their own role; External Secrets "
            "documentation, AWS Secrets Manager provider (IAM policy) and ECRAuthorizationToken generator"
        ),
    ),
    Workload(
        name="cert-manager-sa",
        bindings=(("cert-manager", "cert-manager"),),
        components=("cert-manager",),
        on_made=_cert_manager,
        # The cluster's own authority asks nobody for a proof.
        when=lambda deployment: deployment.transit.issuer == "letsencrypt",
        source="cert-manager documentation, Route53 (Set up an IAM policy): TXT records of the DNS-01 challenge",
    ),
    Workload(
        name="external-dns-sa",
        bindings=(("external-dns", "external-dns"),),
        components=("external-dns",),
        on_made=_external_dns,
        source="ExternalDNS documentation, AWS tutorial (IAM policy); TXT is its registry of ownership",
    ),
    Workload(
        name="kyverno-sa",
        bindings=(
            ("kyverno", "kyverno-admission-controller"),
            ("kyverno", "kyverno-background-controller"),
            ("kyverno", "kyverno-reports-controller"),
        ),
        components=("kyverno",),
        statements=_kyverno,
        source="Kyverno documentation, Verify Images (private registries): signatures are read from the registry",
    ),
    Workload(
        name="velero-sa",
        bindings=(("velero", "velero"),),
        components=("velero",),
        statements=_velero,
        source="velero-plugin-for-aws documentation, Set permissions for Velero (IAM policy), what it says of S3",
    ),
    Workload(
        name="crossplane-sa",
        bindings=(("crossplane-system", "provider-aws"),),
        components=("crossplane",),
        statements=_crossplane,
        source="Service Authorization Reference, Amazon S3, SQS and SNS: what making and deleting each kind calls",
    ),
    Workload(
        name="crossplane-packages-sa",
        bindings=(("crossplane-system", "crossplane"),),
        components=("crossplane",),
        statements=_crossplane_packages,
        source="Amazon ECR User Guide, Private repository policy examples (pull); crossplane issue 6137: by its role",
    ),
)
