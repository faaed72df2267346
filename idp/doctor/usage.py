"""What an account uses of its quotas already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from config.deployment import Deployment
from idp.aws import Aws

Used = Callable[[Aws, Deployment], int]

_RUNNING = ["pending", "running", "stopping"]
# Instance families of the Standard quotas (EC2 User Guide, "Amazon EC2 instance type quotas").
_STANDARD = ("a", "c", "d", "h", "i", "m", "r", "t", "z")


def listed(service: str, operation: str, key: str) -> Used:
    """How many entries an operation lists below ``key``."""
    return lambda aws, _deployment: sum(1 for _ in aws.pages(service, operation, key))


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


def application_load_balancers(aws: Aws, _deployment: Deployment) -> int:
    found = aws.pages("elbv2", "describe_load_balancers", "LoadBalancers")
    return sum(balancer["Type"] == "application" for balancer in found)


def buckets(aws: Aws, _deployment: Deployment) -> int:
    return len(aws.client("s3").list_buckets()["Buckets"])
