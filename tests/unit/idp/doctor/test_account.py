"""Region, zones and quotas, asked of an account inside the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from config.deployment import Deployment
from config.quotas import by_key
from constructs_lib.quotas.nodes import pool_vcpu
from idp.doctor import usage
from idp.doctor.account import quotas, region
from idp.doctor.quotas import IAM, most
from idp.doctor.quotas import asked as rows_asked
from idp.findings import Finding
from tests.unit.idp.doctor.conftest import FakeAws, Quotas

Build = Callable[..., Deployment]


def asked(aws: FakeAws, wanted: Deployment, own: dict[str, float], *, deployed: bool = False) -> dict[str, Finding]:
    with_own = replace(aws, instead={"service-quotas": Quotas(own=own)})
    return {finding.check: finding for finding in quotas(with_own, wanted, deployed=deployed)}


def test_a_region_that_is_on_and_has_the_zones(aws: FakeAws, wanted: Deployment) -> None:
    assert [(f.check, f.result) for f in region(aws, wanted)] == [
        ("account: region", "ok"),
        ("account: zones", "ok"),
    ]


def test_a_zone_that_is_not_there_is_named(aws: FakeAws, deployment_with: Build) -> None:
    deployment = deployment_with({"deployment:vpc:zones": ["us-west-2a", "us-west-2z"], "deployment:vpc:maxAzs": 2})
    (_, zones) = region(aws, deployment)
    assert (zones.result, zones.seen) == ("fail", "not available here: us-west-2z")
    assert "us-west-2a" in zones.remedy


def test_an_empty_account_with_large_quotas_has_room(aws: FakeAws, wanted: Deployment) -> None:
    found = asked(aws, wanted, {})
    assert {finding.result for finding in found.values()} == {"ok"}
    rows = by_key()
    names = {f"quota: {row.name}" for row in rows_asked() if most(row, wanted)}
    assert set(found) == names | {f"quota: {rows[key].name}" for key in IAM}
    # Nothing that the account could raise is left out, but for what only a count of every key would say.
    adjustable = {row.key for row in rows.values() if row.kind == "adjustable"}
    assert adjustable - {row.key for row in rows_asked()} - set(IAM) == {"kms-keys"}


def test_what_is_in_use_counts(aws: FakeAws, wanted: Deployment) -> None:
    ec2 = aws.client("ec2")
    for _ in range(5):
        ec2.allocate_address(Domain="vpc")
    addresses = asked(aws, wanted, {"L-0263D0A3": 5.0})["quota: EC2-VPC Elastic IPs"]
    assert addresses.result == "fail"
    assert addresses.seen == "5 allowed, 5 in use, 1 needed"
    assert addresses.remedy == "ask for 6 in Service Quotas: ec2/L-0263D0A3"


def test_nat_gateways_count_by_zone(aws: FakeAws, wanted: Deployment) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="192.0.2.0/24")["Vpc"]["VpcId"]
    for zone, network, number in (("us-west-2a", "192.0.2.0/26", 2), ("us-west-2b", "192.0.2.64/26", 3)):
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=network, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for _ in range(number):
            ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    found = asked(aws, wanted, {"L-FE5A380F": 3.0})["quota: NAT gateways per Availability Zone"]
    assert (found.result, found.seen) == ("fail", "3 allowed, 3 in use, 1 needed")


def test_running_instances_take_vcpu_of_their_kind(wanted: Deployment) -> None:
    instances = [
        {"InstanceType": "m6a.xlarge"},
        {"InstanceType": "m6a.xlarge"},
        {"InstanceType": "t3a.large", "InstanceLifecycle": "spot"},
        # A quota of its own.
        {"InstanceType": "inf2.xlarge"},
    ]

    class Running(FakeAws):
        def pages(self, _service: str, operation: str, _key: str, **arguments: Any) -> Iterator[Any]:
            if operation == "describe_instances":
                yield {"Instances": instances}
            vcpu = {"m6a.xlarge": 4, "t3a.large": 2, "inf2.xlarge": 4}
            for kind in arguments.get("InstanceTypes", ()):
                yield {"InstanceType": kind, "VCpuInfo": {"DefaultVCpus": vcpu[kind]}}

    assert usage.on_demand_vcpu(Running(region="us-west-2"), wanted) == 8
    assert usage.spot_vcpu(Running(region="us-west-2"), wanted) == 2


def test_a_new_account_s_vcpu_are_too_few_to_come_up(aws: FakeAws, wanted: Deployment) -> None:
    found = asked(aws, wanted, {"L-1216C47A": 5.0, "L-34B43A08": 5.0})
    on_demand = next(finding for check, finding in found.items() if "On-Demand" in check)
    spot = next(finding for check, finding in found.items() if "Spot" in check)
    # Without on-demand nodes nothing comes up; without Spot the pools stay small.
    assert (on_demand.result, spot.result) == ("fail", "warn")
    assert "may grow to" in spot.seen


def test_pools_are_counted_at_their_limits(wanted: Deployment) -> None:
    by_name = {pool.name: pool for pool in wanted.karpenter.pools}
    pool = by_name["platform"].model_copy(update={"instance_types": ("m6a.xlarge", "m6a.2xlarge")})
    limits = pool.limits.model_copy(update={"nodes": 3, "cpu": None})
    assert pool_vcpu(pool.model_copy(update={"limits": limits})) == 24
    assert pool_vcpu(pool.model_copy(update={"limits": limits.model_copy(update={"cpu": "10"})})) == 10


def test_after_the_apply_only_growth_is_asked(aws: FakeAws, wanted: Deployment) -> None:
    found = asked(aws, wanted, {"L-0263D0A3": 0.0}, deployed=True)
    assert set(found) == {
        "quota: Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances, in vCPU",
        "quota: All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests, in vCPU",
        "quota: Rules per Application Load Balancer (excluding default rules)",
        "quota: Target Groups per Region",
    }
    assert all("in use" not in finding.seen for finding in found.values())


def test_what_the_file_says_was_raised_is_compared_with_the_account(aws: FakeAws, deployment_with: Build) -> None:
    deployment = deployment_with({"deployment:serviceQuotas": {"iam-roles": 5000, "vpcs": 7}})
    found = asked(aws, deployment, {"L-F678F1CE": 7.0})
    roles = found["quota: Roles per account"]
    assert roles.result == "warn"
    assert roles.seen.endswith("35 needed; deployment:serviceQuotas.iam-roles says 5000")
    assert roles.remedy.startswith("write 1000 there, or ask for ")
    assert found["quota: VPCs per Region"].result == "ok"


def test_a_quota_that_nobody_says_is_unknown(aws: FakeAws, wanted: Deployment) -> None:
    silent = replace(aws, instead={"service-quotas": Quotas(default=None)})
    found = {finding.check: finding for finding in quotas(silent, wanted, deployed=False)}
    assert found["quota: VPCs per Region"].result == "unknown"
    assert "vpc/L-F678F1CE" in found["quota: VPCs per Region"].remedy


def test_roles_are_counted_and_iam_says_how_many_there_are(aws: FakeAws, wanted: Deployment) -> None:
    roles = asked(aws, wanted, {})["quota: Roles per account"]
    assert roles.seen == "1000 allowed, 0 in use, 35 needed"


def test_rules_of_one_list_count_by_direction(aws: FakeAws, wanted: Deployment) -> None:
    found = asked(aws, wanted, {"L-2AEEBF1A": 5.0})["quota: Rules per network ACL"]
    # Six rules let requests into the public subnets.
    assert (found.result, found.seen) == ("fail", "5 allowed, 6 needed")
