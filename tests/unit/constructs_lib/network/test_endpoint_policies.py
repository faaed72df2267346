"""Endpoint policies: own principals, own data, AWS's own images."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.iam.document import Statement
from constructs_lib.network import endpoint_policies
from constructs_lib.network.aws_sources import download_buckets, eks_image_account
from constructs_lib.network.endpoints import SERVICES

WITH_POLICY = sorted(name for name, service in SERVICES.items() if service.policy)


@pytest.fixture
def deployment(deployment_with: Callable[..., Deployment]) -> Deployment:
    return deployment_with()


def of(statements: list[Statement], sid: str) -> Statement:
    return next(statement for statement in statements if statement.sid == sid)


def condition(statement: Statement, variable: str) -> tuple[str, tuple[str, ...]] | None:
    return next(((c.test, c.values) for c in statement.conditions if c.variable == variable), None)


@pytest.mark.parametrize("service", WITH_POLICY)
def test_only_principals_of_the_account_use_an_endpoint(service: str, deployment: Deployment) -> None:
    for statement in endpoint_policies.interface(service, deployment):
        if statement.sid == "WebIdentitiesIntoOwnRoles":
            assert statement.resources == (f"arn:aws:iam::{deployment.platform.account}:role/*",)
        else:
            found = condition(statement, "aws:PrincipalAccount")
            assert found == ("StringEquals", (deployment.platform.account,)), statement.sid


@pytest.mark.parametrize("service", ["secretsmanager", "logs", "sqs", "kms", "monitoring"])
def test_services_that_could_carry_data_out_reach_own_resources_only(service: str, deployment: Deployment) -> None:
    (statement,) = endpoint_policies.interface(service, deployment)
    assert condition(statement, "aws:ResourceAccount") == ("StringEqualsIfExists", (deployment.platform.account,))


@pytest.mark.parametrize("service", ["ecr.api", "ecr.dkr"])
def test_images_of_eks_add_ons_and_of_the_shared_registry_can_be_pulled(
    service: str, deployment_with: Callable[..., Deployment]
) -> None:
    deployment = deployment_with(
        {
            "deployment:shared:owner": False,
            "deployment:shared:registryAccount": "444455556666",
            "deployment:shared:zoneId": "Z0123456789EXAMPLE",
        }
    )
    pull = of(endpoint_policies.interface(service, deployment), "PullFromKnownRegistries")
    accounts = {resource.split(":")[4] for resource in pull.resources}
    assert accounts == {"602401143452", "444455556666", deployment.platform.account}
    assert "ecr:BatchGetImage" in pull.actions


@pytest.mark.parametrize("service", ["ecr.api", "ecr.dkr"])
def test_other_accounts_images_can_only_be_read(service: str, deployment: Deployment) -> None:
    statements = endpoint_policies.interface(service, deployment)
    assert of(statements, "OwnRegistry").resources == (
        f"arn:aws:ecr:us-west-2:{deployment.platform.account}:repository/*",
    )
    assert not [a for a in of(statements, "PullFromKnownRegistries").actions if "Put" in a or "*" in a]


def test_s3_admits_own_buckets_for_own_principals(deployment: Deployment) -> None:
    own = of(endpoint_policies.s3(deployment), "OwnBuckets")
    assert condition(own, "aws:ResourceAccount") == ("StringEquals", (deployment.platform.account,))
    assert condition(own, "aws:PrincipalAccount") == ("StringEquals", (deployment.platform.account,))


def test_s3_admits_image_layers_of_the_region_whoever_signed_the_address(deployment: Deployment) -> None:
    layers = of(endpoint_policies.s3(deployment), "ImageLayers")
    assert layers.resources == ("arn:aws:s3:::prod-us-west-2-starport-layer-bucket/*",)
    assert layers.actions == ("s3:GetObject",)
    assert layers.conditions == ()


def test_s3_outside_the_account_is_read_only(deployment: Deployment) -> None:
    for statement in endpoint_policies.s3(deployment):
        if not statement.conditions:
            assert statement.actions == ("s3:GetObject",)
            assert "*" not in statement.resources


def test_downloads_are_those_of_the_region() -> None:
    assert "al2023-repos-eu-west-1-de612dc2" in download_buckets("eu-west-1")
    assert not [bucket for bucket in download_buckets("eu-west-1") if "us-west-2" in bucket or bucket == "amazon-eks"]


def test_some_regions_have_an_image_account_of_their_own() -> None:
    assert eks_image_account("us-west-2") == "602401143452"
    assert eks_image_account("eu-south-1") == "590381155156"


def test_fails_for_a_region_without_a_known_image_account() -> None:
    with pytest.raises(ValueError, match="no EKS image account known for xx-nowhere-1"):
        eks_image_account("xx-nowhere-1")


@pytest.mark.parametrize("service", WITH_POLICY)
def test_policies_fit_the_size_that_aws_allows(service: str, deployment: Deployment) -> None:
    # AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies": 20,480 characters.
    assert len(str(endpoint_policies.interface(service, deployment))) < 20_480
