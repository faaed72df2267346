"""What people may do in AWS: the statements behind the rows of ``constructs_lib.iam.people``. Pure."""

from __future__ import annotations

from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.places import READ_SECRET, secret_arn
from constructs_lib.iam.workloads import Made
from constructs_lib.naming import Naming

_WRITE_SECRET = (
    "secretsmanager:CancelRotateSecret",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:PutSecretValue",
    "secretsmanager:RotateSecret",
    "secretsmanager:UpdateSecretVersionStage",
)


def _cluster(naming: Naming) -> tuple[str, ...]:
    """ARNs of the cluster and of what belongs to it (Service Authorization Reference, Amazon EKS, resource types)."""
    parts = ("access-entry", "addon", "fargateprofile", "identityproviderconfig", "nodegroup", "podidentityassociation")
    return (naming.cluster_arn, *(naming.arn("eks", f"{part}/{naming.cluster}/*") for part in parts))


def _find_clusters() -> Statement:
    actions = ("eks:DescribeAddonVersions", "eks:DescribeClusterVersions", "eks:ListClusters")
    return Statement(sid="FindClusters", actions=actions, resources=("*",))


def eks_admin(naming: Naming, made: Made) -> list[Statement]:
    del made
    return [_find_clusters(), Statement(sid="Cluster", actions=("eks:*",), resources=_cluster(naming))]


def eks_use(naming: Naming, made: Made) -> list[Statement]:
    del made
    actions = ("eks:AccessKubernetesApi", "eks:DescribeCluster")
    return [_find_clusters(), Statement(sid="Cluster", actions=actions, resources=(naming.cluster_arn,))]


def eks_read(naming: Naming, made: Made) -> list[Statement]:
    del made
    actions = ("eks:AccessKubernetesApi", "eks:Describe*", "eks:List*")
    return [_find_clusters(), Statement(sid="Cluster", actions=actions, resources=_cluster(naming))]


def assume_operators(naming: Naming, made: Made) -> list[Statement]:
    """Deploying is done by the deployer's role; its trust names this one."""
    del made
    roles = (naming.role_arn("deployer"), naming.role_arn("planner"))
    actions = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")
    return [Statement(sid="Deploy", actions=actions, resources=roles)]


def _secrets(naming: Naming) -> tuple[str, ...]:
    return (secret_arn(naming, "*"), naming.arn("secretsmanager", "secret:ecr-pullthroughcache/*"))


def _list_secrets() -> Statement:
    return Statement(sid="ListSecrets", actions=("secretsmanager:ListSecrets",), resources=("*",))


def secrets_write(naming: Naming, made: Made) -> list[Statement]:
    """Containers are Terraform's: nobody makes or deletes one by hand."""
    del made
    return [
        _list_secrets(),
        Statement(sid="Secrets", actions=(*READ_SECRET, *_WRITE_SECRET), resources=_secrets(naming)),
    ]


def secrets_read(naming: Naming, made: Made) -> list[Statement]:
    del made
    actions = (*READ_SECRET, "secretsmanager:ListSecretVersionIds")
    return [_list_secrets(), Statement(sid="Secrets", actions=actions, resources=(secret_arn(naming, "*"),))]


def no_secret_writes(naming: Naming, made: Made) -> list[Statement]:
    del naming, made
    actions = tuple(f"secretsmanager:{verb}*" for verb in ("Cancel", "Create", "Delete", "Put", "Rotate", "Update"))
    return [Statement(sid="DenySecretWrites", deny=True, actions=actions, resources=("*",))]


def no_secret_values(naming: Naming, made: Made) -> list[Statement]:
    del made
    values = ("secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue", "ssm:GetParameter*")
    return [
        Statement(sid="DenySecretValues", deny=True, actions=values, resources=("*",)),
        Statement(
            sid="DenySecretsKey",
            deny=True,
            actions=("kms:Decrypt",),
            resources=(naming.arn("kms", "key/*"),),
            conditions=(when("ForAnyValue:StringEquals", "kms:ResourceAliases", f"alias/{naming.name('secrets')}"),),
        ),
    ]


def logs_and_metrics(naming: Naming, made: Made) -> list[Statement]:
    """Log groups of the deployment by name; CloudWatch's reads know no resource."""
    del made
    groups = (f"/aws/eks/{naming.cluster}/*", f"/aws/rds/cluster/{naming.name()}-*", f"/aws/vpc/{naming.name()}-*")
    return [
        Statement(
            sid="FindLogs",
            actions=("logs:DescribeLogGroups", "logs:GetQueryResults", "logs:StopQuery"),
            resources=("*",),
        ),
        Statement(
            sid="Logs",
            actions=("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"),
            resources=tuple(naming.arn("logs", f"log-group:{group}") for group in groups),
        ),
        Statement(
            sid="Metrics",
            actions=(
                "cloudwatch:DescribeAlarms",
                "cloudwatch:GetDashboard",
                "cloudwatch:GetMetricData",
                "cloudwatch:GetMetricStatistics",
                "cloudwatch:ListDashboards",
                "cloudwatch:ListMetrics",
            ),
            resources=("*",),
        ),
    ]


def database_admin(naming: Naming, made: Made) -> list[Statement]:
    """The deployment's cluster, instances and snapshots. Making and deleting the cluster is the deployer's."""
    own = tuple(naming.arn("rds", f"{kind}:{naming.name('*')}") for kind in ("cluster", "cluster-snapshot", "db"))
    return [
        Statement(sid="FindDatabases", actions=("rds:Describe*", "rds:ListTagsForResource"), resources=("*",)),
        Statement(
            sid="Database",
            actions=(
                "rds:AddTagsToResource",
                "rds:CreateDBClusterSnapshot",
                "rds:DeleteDBClusterSnapshot",
                "rds:DownloadDBLogFilePortion",
                "rds:FailoverDBCluster",
                "rds:ModifyDBCluster",
                "rds:ModifyDBInstance",
                "rds:RebootDBInstance",
                "rds:StartDBCluster",
                "rds:StopDBCluster",
            ),
            resources=own,
        ),
        Statement(
            sid="DatabaseLogin",
            actions=("rds-db:connect",),
            resources=(naming.arn("rds-db", f"dbuser:{made.database_resource_id}/*"),),
        ),
        Statement(sid="MasterSecret", actions=READ_SECRET, resources=(made.database_master_secret_arn,)),
        Statement(
            sid="DatabaseInsights",
            actions=("pi:DescribeDimensionKeys", "pi:GetDimensionKeyDetails", "pi:GetResourceMetrics"),
            resources=(naming.arn("pi", "metrics/rds/*"),),
        ),
    ]
