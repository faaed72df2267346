"""The one Aurora PostgreSQL Serverless v2 cluster that all platform components share (docs/adr/0007)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.rds_cluster import RdsCluster, RdsClusterServerlessv2ScalingConfiguration
from cdktf_cdktf_provider_aws.rds_cluster_instance import RdsClusterInstance
from cdktf_cdktf_provider_aws.rds_cluster_parameter_group import (
    RdsClusterParameterGroup,
    RdsClusterParameterGroupParameter,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup

from config.deployment import Aurora
from constructs_lib.checkov import short_retention
from constructs_lib.data.aurora_settings import PARAMETERS, PORT, Placement, parameter_family, placements
from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.evidence.retention import kept
from constructs_lib.iam.document import when
from constructs_lib.iam.role import role
from constructs_lib.iam.trust import service_trust
from constructs_lib.stack import PlatformStack

NAME = "database"
ENGINE = "aurora-postgresql"
# The free retention of performance insights; Database Insights "standard" includes it (Aurora User Guide, "Pricing and
# data retention for Performance Insights").
INSIGHTS_RETENTION_DAYS = 7
MONITORING_SECONDS = 60
BACKUP_WINDOW = "08:00-09:00"
MAINTENANCE_WINDOW = "sun:09:30-sun:10:30"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Database:
    cluster: RdsCluster
    security_group: SecurityGroup


@dataclasses.dataclass(frozen=True, kw_only=True)
class AuroraProps:
    """``subnet_ids`` are isolated subnets by zone. ``data_key_arn`` encrypts storage and insights, ``secrets_key_arn``
    the master secret, ``logs_key_arn`` the server log."""

    settings: Aurora
    vpc_id: str
    subnet_ids: Mapping[str, str]
    data_key_arn: str
    secrets_key_arn: str
    logs_key_arn: str


def aurora(stack: PlatformStack, props: AuroraProps) -> Database:
    """Cluster ``<deployment>-database`` with one writer and the configured readers.

    The security group lets nothing in or out; who connects adds a rule of its own (the cluster stack, for its nodes).
    """
    group = stack.add(
        SecurityGroup,
        NAME,
        name=stack.naming.name(NAME),
        description="Aurora: each client adds its own rule for port 5432",
        vpc_id=props.vpc_id,
        tags={"Name": stack.naming.name(NAME)},
    )
    stack.serves(f"aws_security_group.{NAME}", "1.3.1", "1.4.4")
    cluster = _cluster(stack, props, group, _server_log(stack, props))
    monitoring = _monitoring_role(stack)
    for placement in placements(props.settings.readers, list(props.subnet_ids)):
        _instance(stack, props, cluster, monitoring, placement)
    return Database(cluster=cluster, security_group=group)


def _server_log(stack: PlatformStack, props: AuroraProps) -> CloudwatchLogGroup:
    # RDS would make the group itself at the first line, without retention and key.
    days = props.settings.log_retention_days
    stack.waive(f"aws_cloudwatch_log_group.{NAME}", **short_retention(days))
    stack.serves(f"aws_cloudwatch_log_group.{NAME}", "10.3.3", *kept(days))
    return stack.add(
        CloudwatchLogGroup,
        NAME,
        name=f"/aws/rds/cluster/{stack.naming.name(NAME)}/postgresql",
        retention_in_days=days,
        kms_key_id=props.logs_key_arn,
    )


def _parameters(stack: PlatformStack, props: AuroraProps) -> RdsClusterParameterGroup:
    family = parameter_family(props.settings.engine_version)
    stack.serves(f"aws_rds_cluster_parameter_group.{NAME}", "2.2.7", "4.2.1", "10.2.1", "10.2.2")
    return stack.add(
        RdsClusterParameterGroup,
        NAME,
        # The family is in the name: an upgrade to the next major needs a second group before the first can go.
        name=stack.naming.name(NAME, family),
        family=family,
        description="TLS required; connections, schema changes and slow statements logged",
        parameter=[RdsClusterParameterGroupParameter(name=name, value=value) for name, value in PARAMETERS.items()],
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )


def _cluster(stack: PlatformStack, props: AuroraProps, group: SecurityGroup, log: CloudwatchLogGroup) -> RdsCluster:
    name = stack.naming.name(NAME)
    settings = props.settings
    subnets = stack.add(
        DbSubnetGroup,
        NAME,
        name=name,
        description="Isolated subnets: no route to the internet",
        subnet_ids=list(props.subnet_ids.values()),
    )
    stack.serves(f"aws_db_subnet_group.{NAME}", "1.4.4")
    stack.serves(f"aws_rds_cluster.{NAME}", "2.2.2", "3.5.1", "6.3.3", "7.2.6", "8.6.2", "8.6.3", "12.10.1")
    stack.waive(
        f"aws_rds_cluster.{NAME}",
        CKV2_AWS_8="Aurora backs itself up continuously and keeps that for backup_retention_period days; "
        "docs/RESTORE.md says how it comes back.",
    )
    return stack.add(
        RdsCluster,
        NAME,
        cluster_identifier=name,
        engine=ENGINE,
        engine_mode="provisioned",  # what Serverless v2 instances run in; "serverless" is v1
        engine_version=settings.engine_version,
        # Otherwise a version past its date is kept, at a price per hour (Aurora User Guide, "RDS Extended Support").
        engine_lifecycle_support="open-source-rds-extended-support-disabled",
        serverlessv2_scaling_configuration=RdsClusterServerlessv2ScalingConfiguration(
            min_capacity=settings.min_capacity, max_capacity=settings.max_capacity
        ),
        database_name="platform",
        port=PORT,
        master_username="platform_admin",
        manage_master_user_password=True,
        master_user_secret_kms_key_id=props.secrets_key_arn,
        iam_database_authentication_enabled=True,
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[group.id],
        db_cluster_parameter_group_name=_parameters(stack, props).name,
        storage_encrypted=True,
        kms_key_id=props.data_key_arn,
        enabled_cloudwatch_logs_exports=["postgresql"],
        database_insights_mode="standard",
        backup_retention_period=settings.backup_retention_days,
        preferred_backup_window=BACKUP_WINDOW,
        preferred_maintenance_window=MAINTENANCE_WINDOW,
        copy_tags_to_snapshot=True,
        deletion_protection=True,
        skip_final_snapshot=False,
        final_snapshot_identifier=stack.naming.name(NAME, "final"),
        apply_immediately=False,
        allow_major_version_upgrade=False,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        depends_on=[log],
    )


def _monitoring_role(stack: PlatformStack) -> IamRole:
    """Source: Aurora User Guide, "Setting up and enabling Enhanced Monitoring" (role, and confused deputy)."""
    trust = service_trust("monitoring.rds.amazonaws.com", account=stack.deployment.platform.account)
    instances = when("ArnLike", "aws:SourceArn", stack.naming.arn("rds", f"db:{stack.naming.name(NAME)}-*"))
    return role(
        stack,
        "rds-monitoring",
        description="RDS writes operating system metrics of the database instances",
        trust=[dataclasses.replace(trust, conditions=(*trust.conditions, instances))],
        managed=["service-role/AmazonRDSEnhancedMonitoringRole"],
    )


def _instance(
    stack: PlatformStack, props: AuroraProps, cluster: RdsCluster, monitoring: IamRole, placement: Placement
) -> None:
    name = f"{NAME}_{placement.number}"
    stack.serves(f"aws_rds_cluster_instance.{name}", "1.4.4")
    stack.waive(
        f"aws_rds_cluster_instance.{name}",
        CKV_AWS_226="The minor is pinned to a long-term support release, which AWS patches in the maintenance window; "
        "an automatic upgrade would leave it and show as a downgrade in every plan.",
    )
    stack.add(
        RdsClusterInstance,
        name,
        identifier=stack.naming.name(NAME, str(placement.number)),
        cluster_identifier=cluster.id,
        engine=ENGINE,
        engine_version=cluster.engine_version,
        instance_class="db.serverless",
        availability_zone=placement.zone,
        promotion_tier=placement.tier,
        publicly_accessible=False,
        # The reason above at length: docs/adr/0007.
        auto_minor_version_upgrade=False,
        preferred_maintenance_window=MAINTENANCE_WINDOW,
        copy_tags_to_snapshot=True,
        monitoring_interval=MONITORING_SECONDS,
        monitoring_role_arn=monitoring.arn,
        performance_insights_enabled=True,
        performance_insights_kms_key_id=props.data_key_arn,
        performance_insights_retention_period=INSIGHTS_RETENTION_DAYS,
        apply_immediately=False,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
    )
