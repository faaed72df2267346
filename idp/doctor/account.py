"""The account's region, zones and quotas, against what the deployment takes."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from config.deployment import Deployment
from idp.aws import Aws, refused
from idp.doctor.quotas import IAM, TABLE, Quota, Wanted
from idp.findings import Finding, fail, ok, unknown, warn


def region(aws: Aws, deployment: Deployment) -> Iterator[Finding]:
    """Whether the region is on for the account, and has the zones that the subnets lie in."""
    name, check = deployment.platform.region, "account: region"
    (found,) = aws.client("ec2").describe_regions(RegionNames=[name], AllRegions=True)["Regions"]
    if found["OptInStatus"] == "not-opted-in":
        remedy = f"switch it on: aws account enable-region --region-name {name}; that takes some minutes"
        yield fail(check, f"{name} is off in this account", remedy)
        return
    yield ok(check, f"{name} is on")
    zones = aws.client("ec2").describe_availability_zones()["AvailabilityZones"]
    there = {zone["ZoneName"] for zone in zones if zone["State"] == "available"}
    missing = sorted(set(deployment.vpc.zones) - there)
    if missing:
        remedy = f"set deployment:vpc:zones to some of {', '.join(sorted(there))}"
        yield fail("account: zones", f"not available here: {', '.join(missing)}", remedy)
    else:
        yield ok("account: zones", ", ".join(deployment.vpc.zones))


def quotas(aws: Aws, wanted: Wanted, *, deployed: bool) -> Iterator[Finding]:
    """Each quota of the table. Once it is ``deployed``, of those only that the deployment may still grow into."""
    for quota in TABLE:
        least, most = quota.least(wanted), quota.most(wanted)
        if most == 0 or (deployed and least == most):
            continue
        check, code = f"quota: {quota.name}", f"{quota.service}/{quota.code}"
        value = _value(aws, quota)
        if value is None:
            yield unknown(check, "Service Quotas doesn't say", f"look at {code} in Service Quotas: {most} are wanted")
            continue
        # What runs after the apply is part of what the pools may grow to.
        used = quota.used(aws, wanted.deployment) if quota.used and not deployed else None
        yield _judged(check, code, value, used, least, most)
    if not deployed:
        yield from _iam(aws, wanted)


def _iam(aws: Aws, wanted: Wanted) -> Iterator[Finding]:
    summary = aws.client("iam").get_account_summary()["SummaryMap"]
    for name, (used, value, kind) in IAM.items():
        need = wanted.count(kind)
        yield _judged(f"quota: {name}", f"iam, {name}", summary[value], summary[used], need, need)


def _judged(check: str, code: str, value: float, used: int | None, least: int, most: int) -> Finding:
    said = [f"{value:g} allowed", *([f"{used} in use"] if used is not None else []), f"{least} needed"]
    seen = ", ".join(said) + (f", may grow to {most}" if most > least else "")
    taken = used or 0
    remedy = f"ask for {taken + most} in Service Quotas: {code}"
    if taken + least > value:
        return fail(check, seen, remedy)
    return warn(check, seen, remedy) if taken + most > value else ok(check, seen)


def _value(aws: Aws, quota: Quota) -> float | None:
    """The account's own value, else AWS's default. None where Service Quotas has neither."""
    client = aws.client("service-quotas")
    for ask in (client.get_service_quota, client.get_aws_default_service_quota):
        try:
            return float(ask(ServiceCode=quota.service, QuotaCode=quota.code)["Quota"]["Value"])
        except ClientError as error:
            if not refused(error, "NoSuchResourceException"):
                raise
    return None
