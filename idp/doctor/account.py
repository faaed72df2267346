"""The account's region, zones and quotas, against what the deployment takes."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from config.deployment import Deployment
from config.quotas import KEY, Quota, by_key, declared
from idp.aws import Aws, refused
from idp.doctor.quotas import IAM, USED, asked, least, most
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


def quotas(aws: Aws, deployment: Deployment, *, deployed: bool) -> Iterator[Finding]:
    """Each row that the account is asked about. Once it is ``deployed``, of those only that it may still grow into."""
    for row in asked():
        need, largest = least(row, deployment), most(row, deployment)
        if largest == 0 or (deployed and need == largest):
            continue
        check = f"quota: {row.name}"
        value = _value(aws, row)
        if value is None:
            remedy = f"look at {row.code} in Service Quotas: {largest} are wanted"
            yield unknown(check, "Service Quotas doesn't say", remedy)
            continue
        # What runs after the apply is part of what the deployment may grow to.
        used = USED[row.key](aws, deployment) if row.key in USED and not deployed else None
        yield _judged(row, value, used, need, largest, deployment)
    if not deployed:
        yield from _iam(aws, deployment)


def _iam(aws: Aws, deployment: Deployment) -> Iterator[Finding]:
    summary, rows = aws.client("iam").get_account_summary()["SummaryMap"], by_key()
    for key, (used, value) in IAM.items():
        need = most(rows[key], deployment)
        yield _judged(rows[key], summary[value], summary[used] if used else None, need, need, deployment)


def _judged(row: Quota, value: float, used: int | None, need: int, largest: int, deployment: Deployment) -> Finding:
    check = f"quota: {row.name}"
    said = [f"{value:g} allowed", *([f"{used} in use"] if used is not None else []), f"{need} needed"]
    seen = ", ".join(said) + (f", may grow to {largest}" if largest > need else "")
    taken, said_so = used or 0, declared(deployment.service_quotas, row.key)
    remedy = f"ask for {taken + largest} in Service Quotas: {row.code}"
    if taken + need > value:
        return fail(check, seen, remedy)
    if said_so is not None and said_so > value:
        return warn(check, f"{seen}; {KEY}.{row.key} says {said_so}", f"write {value:g} there, or {remedy}")
    return warn(check, seen, remedy) if taken + largest > value else ok(check, seen)


def _value(aws: Aws, row: Quota) -> float | None:
    """The account's own value, else AWS's default. None where Service Quotas has neither."""
    client = aws.client("service-quotas")
    service, _, code = (row.code or "").partition("/")
    for ask in (client.get_service_quota, client.get_aws_default_service_quota):
        try:
            return float(ask(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
        except ClientError as error:
            if not refused(error, "NoSuchResourceException"):
                raise
    return None
