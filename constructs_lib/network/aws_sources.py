"""Where AWS keeps the images and packages that nodes download, by region. Pure: imports no engine."""

from __future__ import annotations

# Amazon EKS User Guide, "View Amazon container image registries for Amazon EKS add-ons" (read 2026-11-23).
_MOST_REGIONS = "602401143452"
_OWN_ACCOUNT = {
    "af-south-1": "877085696533",
    "ap-east-1": "800184023465",
    "ap-south-2": "900889452093",
    "ap-southeast-3": "296578399912",
    "ap-southeast-4": "491585149902",
    "ap-southeast-5": "151610086707",
    "ap-southeast-6": "333609536671",
    "ap-southeast-7": "121268973566",
    "ca-west-1": "761377655185",
    "eu-central-2": "900612956339",
    "eu-south-1": "590381155156",
    "eu-south-2": "455263428931",
    "il-central-1": "066635153087",
    "me-central-1": "759879836304",
    "me-south-1": "558608220178",
    "mx-central-1": "730335286997",
}
_SHARED_ACCOUNT = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)
EKS_IMAGE_ACCOUNTS = {region: _MOST_REGIONS for region in _SHARED_ACCOUNT} | _OWN_ACCOUNT

# Bottlerocket, bottlerocket-core-kit, schnauzer's table ECR_MAP (read 2026-11-27).
_BOTTLEROCKET_MOST_REGIONS = "328549459982"
_BOTTLEROCKET_OWN = {
    "af-south-1": "917644944286",
    "ap-east-1": "375569722642",
    "ap-south-2": "764716012617",
    "ap-southeast-3": "386774335080",
    "ap-southeast-4": "731751899352",
    "ap-southeast-5": "851725293737",
    "ca-west-1": "253897149516",
    "eu-central-2": "861738308508",
    "eu-south-1": "586180183710",
    "eu-south-2": "620625777247",
    "il-central-1": "288123944683",
    "me-central-1": "553577323255",
    "me-south-1": "509306038620",
}
BOTTLEROCKET_IMAGE_ACCOUNTS = dict.fromkeys(_SHARED_ACCOUNT, _BOTTLEROCKET_MOST_REGIONS) | _BOTTLEROCKET_OWN


def eks_image_account(region: str) -> str:
    """Account whose ECR registry holds the images of EKS add-ons in ``region``.

    Raises ValueError for a region that the table lacks.
    """
    if region not in EKS_IMAGE_ACCOUNTS:
        raise ValueError(f"no EKS image account known for {region}; known: {', '.join(sorted(EKS_IMAGE_ACCOUNTS))}")
    return EKS_IMAGE_ACCOUNTS[region]


def bottlerocket_image_account(region: str) -> str | None:
    """Account whose ECR registry holds Bottlerocket's host containers in ``region``; None where the table lacks it."""
    return BOTTLEROCKET_IMAGE_ACCOUNTS.get(region)


def image_layer_bucket(region: str) -> str:
    """Bucket from which ECR serves image layers, of all accounts, by pre-signed address.

    Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints", "Minimum Amazon S3 Bucket Permissions".
    """
    return f"prod-{region}-starport-layer-bucket"


def download_buckets(region: str) -> tuple[str, ...]:
    """Public buckets in ``region`` whose traffic the S3 gateway endpoint would otherwise cut off.

    Sources: Amazon Linux 2023 User Guide (package repositories); Systems Manager User Guide, "SSM Agent communications
    with AWS managed S3 buckets"; the registry.k8s.io project's table of AWS base addresses (it sends clients in AWS to
    the bucket of their region); Amazon EKS User Guide, "Set up kubectl" (a bucket in us-west-2).
    """
    found = (
        f"al2023-repos-{region}-de612dc2",
        f"amazon-ssm-{region}",
        f"aws-ssm-{region}",
        f"prod-registry-k8s-io-{region}",
    )
    return (*found, "amazon-eks") if region == "us-west-2" else found
