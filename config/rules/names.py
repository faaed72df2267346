"""Rules of the names that ids and organization become part of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.file import DeploymentFile
from config.names import BUCKET_NAME_MAX, BUCKET_PURPOSE_MAX, bucket_name
from config.rules.finding import Finding

# Prefixes that AWS keeps for itself, of names that start with the deployment's id.
RESERVED: Mapping[str, str] = {
    "amzn-s3-demo": 'S3 (User Guide, "General purpose bucket naming rules")',
    "sg": "EC2 (API reference, CreateSecurityGroup, GroupName)",
    "sthree": 'S3 (User Guide, "General purpose bucket naming rules")',
}


def buckets(file: DeploymentFile) -> Iterator[Finding]:
    """Bucket names hold id, organization, account and region, and S3 limits their length."""
    longest = bucket_name(
        deployment=file.deployment_id,
        purpose="x" * BUCKET_PURPOSE_MAX,
        organization=file.platform_organization,
        account=file.platform_account,
        region=file.platform_region,
    )
    over = len(longest) - BUCKET_NAME_MAX
    if over > 0:
        together = len(file.deployment_id) + len(file.platform_organization)
        yield Finding(
            key="platform:organization",
            value=file.platform_organization,
            message=f"must have, together with deployment:id, at most {together - over} characters in "
            f"{file.platform_region}, and has {together}: both are part of bucket names, which S3 limits to "
            f"{BUCKET_NAME_MAX}",
            remedy="shorten the one or the other",
        )


def reserved(file: DeploymentFile) -> Iterator[Finding]:
    """No name starts with what AWS keeps for itself."""
    for prefix, owner in RESERVED.items():
        if f"{file.deployment_id}-".startswith(f"{prefix}-"):
            message = f"must not start with {prefix}-: {owner} reserves such names"
            yield Finding(key="deployment:id", value=file.deployment_id, message=message, remedy="choose another id")


FILE_RULES = (buckets, reserved)
