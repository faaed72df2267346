"""List what an account holds on the local server, through the AWS APIs themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config

Client = Any
# service, operation, path to the items, key of an item's name ("" where the item is the name), keyword arguments
ROWS: tuple[tuple[str, str, str, str, Mapping[str, Any]], ...] = (
    ("accessanalyzer", "list_analyzers", "analyzers", "name", {}),
    ("acm", "list_certificates", "CertificateSummaryList", "CertificateArn", {}),
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName", {}),
    ("backup", "list_backup_plans", "BackupPlansList", "BackupPlanName", {}),
    ("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultName", {}),
    ("ce", "get_anomaly_monitors", "AnomalyMonitors", "MonitorName", {}),
    ("ce", "get_anomaly_subscriptions", "AnomalySubscriptions", "SubscriptionName", {}),
    ("cloudtrail", "describe_trails", "trailList", "Name", {}),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName", {}),
    ("config", "describe_configuration_recorders", "ConfigurationRecorders", "name", {}),
    ("config", "describe_conformance_packs", "ConformancePackDetails", "ConformancePackName", {}),
    ("dynamodb", "list_tables", "TableNames", "", {}),
    ("ec2", "describe_addresses", "Addresses", "AllocationId", {}),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId", {}),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId", {}),
    ("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId", {}),
    ("ec2", "describe_network_acls", "NetworkAcls", "NetworkAclId", {}),
    ("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId", {}),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId", {}),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId", {}),
    ("ec2", "describe_subnets", "Subnets", "SubnetId", {}),
    ("ec2", "describe_volumes", "Volumes", "VolumeId", {}),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId", {}),
    ("ecr", "describe_repositories", "repositories", "repositoryName", {}),
    ("ecr", "describe_pull_through_cache_rules", "pullThroughCacheRules", "ecrRepositoryPrefix", {}),
    ("ecr", "describe_repository_creation_templates", "repositoryCreationTemplates", "prefix", {}),
    ("eks", "list_clusters", "clusters", "", {}),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn", {}),
    ("events", "list_rules", "Rules", "Name", {}),
    ("guardduty", "list_detectors", "DetectorIds", "", {}),
    ("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName", {}),
    ("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn", {}),
    ("iam", "list_policies", "Policies", "Arn", {"Scope": "Local"}),
    ("iam", "list_roles", "Roles", "RoleName", {}),
    ("kms", "list_aliases", "Aliases", "AliasName", {}),
    ("logs", "describe_log_groups", "logGroups", "logGroupName", {}),
    ("rds", "describe_db_cluster_parameter_groups", "DBClusterParameterGroups", "DBClusterParameterGroupName", {}),
    ("rds", "describe_db_cluster_snapshots", "DBClusterSnapshots", "DBClusterSnapshotIdentifier", {}),
    ("rds", "describe_db_clusters", "DBClusters", "DBClusterIdentifier", {}),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier", {}),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", {}),
    ("route53", "list_hosted_zones", "HostedZones", "Id", {}),
    ("s3", "list_buckets", "Buckets", "Name", {}),
    ("secretsmanager", "list_secrets", "SecretList", "Name", {}),
    ("sns", "list_topics", "Topics", "TopicArn", {}),
    ("sqs", "list_queues", "QueueUrls", "", {}),
)
# Parameters that AWS publishes and keys that it makes for an account by itself: moto lists the former, which AWS
# doesn't, and takes the latter for a customer's.
_PUBLISHED, _DEFAULT_KEY = "/aws/", "Default master key that protects my"
# States of what AWS itself keeps for a while after its deletion.
ENDED = {"deleted", "PendingDeletion"}


def listed(environment: Mapping[str, str]) -> set[str]:
    """``<service> <operation> <name>`` of everything in the account and region that ``environment`` points at."""
    clients: dict[str, Client] = {}

    def client(service: str) -> Client:
        if service not in clients:
            clients[service] = client_of(service, environment)
        return clients[service]

    found = set()
    for service, operation, items, name, arguments in ROWS:
        found |= {
            f"{service} {operation} {item}" for item in _names(client(service), operation, items, name, arguments)
        }
    for special in (_keys, _parameters, _nat_gateways, _endpoints, _budgets):
        found |= set(special(client))
    return found


def client_of(service: str, environment: Mapping[str, str]) -> Client:
    """A client of ``service`` on the local server."""
    return boto3.client(
        service,
        region_name=environment["AWS_REGION"],
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        # The empty proxies keep a proxy of this process's environment away from the loopback.
        config=Config(proxies={}, retries={"max_attempts": 1}),
    )


def _names(client: Client, operation: str, items: str, name: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    pages = (
        client.get_paginator(operation).paginate(**arguments)
        if client.can_paginate(operation)
        else [getattr(client, operation)(**arguments)]
    )
    for page in pages:
        for item in page.get(items, []):
            yield item[name] if name else item


def _keys(client: Callable[[str], Client]) -> Iterator[str]:
    """Customer managed keys that aren't waiting for their deletion, which takes AWS at least seven days."""
    kms = client("kms")
    for key in kms.list_keys()["Keys"]:
        metadata = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        ours = metadata["KeyManager"] == "CUSTOMER" and not metadata["Description"].startswith(_DEFAULT_KEY)
        if ours and metadata["KeyState"] not in ENDED:
            yield f"kms key {key['KeyId']} {metadata['Description']}"


def _parameters(client: Callable[[str], Client]) -> Iterator[str]:
    for name in _names(client("ssm"), "describe_parameters", "Parameters", "Name", {}):
        if not name.startswith(_PUBLISHED):
            yield f"ssm parameter {name}"


def _nat_gateways(client: Callable[[str], Client]) -> Iterator[str]:
    for gateway in client("ec2").describe_nat_gateways()["NatGateways"]:
        if gateway["State"] not in ENDED:
            yield f"ec2 nat gateway {gateway['NatGatewayId']}"


def _endpoints(client: Callable[[str], Client]) -> Iterator[str]:
    for endpoint in client("ec2").describe_vpc_endpoints()["VpcEndpoints"]:
        if endpoint["State"] not in ENDED:
            yield f"ec2 vpc endpoint {endpoint['VpcEndpointId']} {endpoint['ServiceName']}"


def _budgets(client: Callable[[str], Client]) -> Iterator[str]:
    account = client("sts").get_caller_identity()["Account"]
    for name in _names(client("budgets"), "describe_budgets", "Budgets", "BudgetName", {"AccountId": account}):
        yield f"budgets budget {name}"
