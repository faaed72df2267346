"""What an account uses of its quotas already."""

from __future__ import annotations

from collections import Counter

from config.deployment import Deployment
from idp.aws import Aws

_RUNNING = ["pending", "running", "stopping"]
# Instance families of the Standard quotas (EC2 User Guide, "Amazon EC2 instance type quotas").
_STANDARD = ("a", "c", "d", "h", "i", "m", "r", "t", "z")


def vpcs(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("ec2", "describe_vpcs", "Vpcs"))


def internet_gateways(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("ec2", "describe_internet_gateways", "InternetGateways"))


def addresses(aws: Aws, _deployment: Deployment) -> int:
    return len(aws.client("ec2").describe_addresses()["Addresses"])


def nat_gateways_of_a_zone(aws: Aws, deployment: Deployment) -> int:
    """The most in one zone of the deployment's."""
    zone_of = {
        subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in aws.pages("ec2", "describe_subnets", "Subnets")
    }
    alive = [{"Name": "state", "Values": ["pending", "available", "deleting"]}]
    gateways = aws.pages("ec2", "describe_nat_gateways", "NatGateways", Filters=alive)
    counts = Counter(zone_of.get(gateway.get("SubnetId", "")) for gateway in gateways)
    return max(counts[zone] for zone in deployment.vpc.zones)


def on_demand_vcpu(aws: Aws, _deployment: Deployment) -> int:
    return _vcpu(aws, spot=False)


def spot_vcpu(aws: Aws, _deployment: Deployment) -> int:
    return _vcpu(aws, spot=True)


def _vcpu(aws: Aws, *, spot: bool) -> int:
    """The default vCPU of each type count, whatever CPU options say (EC2 User Guide, "EC2 service quotas")."""
    alive = [{"Name": "instance-state-name", "Values": _RUNNING}]
    kinds: Counter[str] = Counter()
    for reservation in aws.pages("ec2", "describe_instances", "Reservations", Filters=alive):
        for instance in reservation["Instances"]:
            if (instance.get("InstanceLifecycle") == "spot") is spot and _standard(instance["InstanceType"]):
                kinds[instance["InstanceType"]] += 1
    if not kinds:
        return 0
    described = aws.pages("ec2", "describe_instance_types", "InstanceTypes", InstanceTypes=sorted(kinds))
    vcpu = {kind["InstanceType"]: int(kind["VCpuInfo"]["DefaultVCpus"]) for kind in described}
    return sum(number * vcpu[kind] for kind, number in kinds.items())


def _standard(kind: str) -> bool:
    """``t3a.large`` is; ``inf2.xlarge``, ``dl1.24xlarge`` and ``trn1.2xlarge`` have quotas of their own."""
    family = kind.partition(".")[0]
    letters = family[: next((place for place, letter in enumerate(family) if letter.isdigit()), len(family))]
    return letters[:1] in _STANDARD and letters not in ("dl", "hpc", "inf", "trn")


def clusters(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("eks", "list_clusters", "clusters"))


def database_clusters(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("rds", "describe_db_clusters", "DBClusters"))


def database_instances(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("rds", "describe_db_instances", "DBInstances"))


def application_load_balancers(aws: Aws, _deployment: Deployment) -> int:
    found = aws.pages("elbv2", "describe_load_balancers", "LoadBalancers")
    return sum(balancer["Type"] == "application" for balancer in found)


def target_groups(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("elbv2", "describe_target_groups", "TargetGroups"))


def security_groups(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("ec2", "describe_security_groups", "SecurityGroups"))


def repositories(aws: Aws, _deployment: Deployment) -> int:
    return sum(1 for _ in aws.pages("ecr", "describe_repositories", "repositories"))


def event_rules(aws: Aws, _deployment: Deployment) -> int:
    """Of the account's own bus."""
    return sum(1 for _ in aws.pages("events", "list_rules", "Rules"))


def buckets(aws: Aws, _deployment: Deployment) -> int:
    return len(aws.client("s3").list_buckets()["Buckets"])
