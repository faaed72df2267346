"""Policies of the endpoints: the most that may pass, whatever a role allows. Pure: imports no engine.

An endpoint policy grants nothing. It keeps credentials of other accounts from being used in the VPC, and data from
being sent to other accounts' resources. Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint
policies"; AWS whitepaper "Building a data perimeter on AWS".
"""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.iam.document import Condition, Statement, when
from constructs_lib.network.aws_sources import (
    bottlerocket_image_account,
    download_buckets,
    eks_image_account,
    image_layer_bucket,
)
from constructs_lib.network.endpoints import service as row_of

_ANYONE = {"*": ("*",)}
# Amazon ECR User Guide, "Amazon ECR interface VPC endpoints": what a pull calls.
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def s3(deployment: Deployment) -> list[Statement]:
    """Own buckets for own principals, image layers, and AWS's public downloads for anyone.

    Layers and downloads carry no principal of this account: ECR signs the addresses of layers itself, and package
    managers read anonymously.
    """
    account, region = deployment.platform.account, deployment.platform.region
    return [
        Statement(
            sid="OwnBuckets",
            actions=("s3:*",),
            resources=("*",),
            principals=_ANYONE,
            conditions=(_own_principal(account), when("StringEquals", "aws:ResourceAccount", account)),
        ),
        Statement(
            sid="ImageLayers",
            actions=("s3:GetObject",),
            resources=(f"arn:aws:s3:::{image_layer_bucket(region)}/*",),
            principals=_ANYONE,
        ),
        Statement(
            sid="PublicDownloads",
            actions=("s3:GetObject",),
            resources=tuple(f"arn:aws:s3:::{bucket}/*" for bucket in download_buckets(region)),
            principals=_ANYONE,
        ),
    ]


def interface(service: str, deployment: Deployment) -> list[Statement]:
    """Statements of the endpoint of ``service``, a row of ``endpoints`` whose ``policy`` is set."""
    if service.startswith("ecr."):
        return _ecr(deployment)
    account = deployment.platform.account
    row = row_of(service)
    conditions = [_own_principal(account)]
    if row.own_resources:
        # IfExists: calls that name no resource (ListKeys, GetRandomPassword) carry no resource account.
        conditions.append(when("StringEqualsIfExists", "aws:ResourceAccount", account))
    statement = Statement(
        sid="OwnPrincipals",
        actions=(f"{row.action}:*",),
        resources=("*",),
        principals=_ANYONE,
        conditions=tuple(conditions),
    )
    return [statement, *_web_identity(account)] if service == "sts" else [statement]


def _ecr(deployment: Deployment) -> list[Statement]:
    account, region = deployment.platform.account, deployment.platform.region
    known = {account, deployment.shared.registry_account, eks_image_account(region)}
    nodes = bottlerocket_image_account(region) if deployment.nodes.fips else None
    sources = sorted(known | ({nodes} if nodes else set()))
    own = (_own_principal(account),)
    return [
        Statement(
            sid="Authenticate",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            principals=_ANYONE,
            conditions=own,
        ),
        Statement(
            sid="PullFromKnownRegistries",
            actions=_PULL,
            resources=tuple(f"arn:aws:ecr:{region}:{source}:repository/*" for source in sources),
            principals=_ANYONE,
            conditions=own,
        ),
        Statement(
            sid="OwnRegistry",
            actions=("ecr:*",),
            resources=(f"arn:aws:ecr:{region}:{account}:repository/*",),
            principals=_ANYONE,
            conditions=own,
        ),
    ]


def _web_identity(account: str) -> list[Statement]:
    # A web identity isn't a principal of any account until the call has succeeded (IAM User Guide, "AWS global
    # condition context keys", aws:PrincipalAccount), so the role it asks for is what can be named.
    return [
        Statement(
            sid="WebIdentitiesIntoOwnRoles",
            actions=("sts:AssumeRoleWithWebIdentity",),
            resources=(f"arn:aws:iam::{account}:role/*",),
            principals=_ANYONE,
        )
    ]


def _own_principal(account: str) -> Condition:
    return when("StringEquals", "aws:PrincipalAccount", account)
