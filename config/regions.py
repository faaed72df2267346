"""AWS regions that a deployment may be in."""

from __future__ import annotations

from collections.abc import Mapping

# Regions whose EKS image account is known (Amazon EKS User Guide, "View Amazon container image registries for Amazon
# EKS add-ons"): nodes can't pull their add-ons elsewhere. constructs_lib.network.aws_sources has the accounts.
REGIONS = (
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)

# Regions whose zones aren't a, b and c in every account (EC2 API, DescribeAvailabilityZones).
OTHER_ZONES: Mapping[str, str] = {
    "ap-northeast-1": "a, c and d",
    "ca-central-1": "a, b and d",
    "us-west-1": "two of a, b and c, which ones differs by account",
}
