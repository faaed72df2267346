"""Tests of the account stack's JSON: each singleton is managed, existing or off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from stacks.bootstrap.account import AccountStack
from tests.synth import StackJson, Synth

SETTINGS = {
    "deployment:account:ecrRegistry": "aws_ecr_registry_scanning_configuration",
    "deployment:account:ebsEncryption": "aws_ebs_encryption_by_default",
    "deployment:account:s3PublicAccessBlock": "aws_s3_account_public_access_block",
    "deployment:account:passwordPolicy": "aws_iam_account_password_policy",
    "deployment:account:githubOidc": "aws_iam_openid_connect_provider",
    "deployment:account:spotServiceLinkedRole": "aws_iam_service_linked_role",
}


@pytest.fixture(scope="module")
def stack(shipped: Synth) -> StackJson:
    return shipped.stack("idp-account")


@pytest.mark.parametrize("key", SETTINGS)
@pytest.mark.parametrize("ownership", ["existing", "off"])
def test_a_singleton_that_is_not_managed_is_not_touched(
    synth_stack: Callable[..., StackJson],
    deployment_with: Callable[..., Deployment],
    stack: StackJson,
    key: str,
    ownership: str,
) -> None:
    assert stack.of_type(SETTINGS[key])
    without = synth_stack(AccountStack, deployment_with({key: ownership}))
    assert not without.of_type(SETTINGS[key])


@pytest.mark.proves("6.3.1", "11.3.1", "11.3.1.3")
def test_the_registry_scans_by_inspector_and_continuously(stack: StackJson) -> None:
    scanning = stack.resource("aws_ecr_registry_scanning_configuration.registry")
    assert scanning["scan_type"] == "ENHANCED"
    assert [rule["scan_frequency"] for rule in scanning["rule"]] == ["CONTINUOUS_SCAN"]
    assert stack.resource("aws_inspector2_enabler.registry")["resource_types"] == ["ECR"]


def test_images_are_copied_to_the_declared_regions_and_accounts(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    stack = synth_stack(
        AccountStack,
        deployment_with(
            {
                "deployment:shared:replicationRegions": ["us-east-1"],
                "deployment:shared:replicationAccounts": ["444455556666"],
            }
        ),
    )
    (rule,) = stack.resource("aws_ecr_replication_configuration.registry")["replication_configuration"]["rule"]
    assert rule["destination"] == [
        {"region": "us-east-1", "registry_id": "111122223333"},
        {"region": "us-west-2", "registry_id": "444455556666"},
    ]


def test_who_does_not_own_the_registry_does_not_configure_it(
    synth_stack: Callable[..., StackJson], deployment_with: Callable[..., Deployment]
) -> None:
    deployment = deployment_with(
        {
            "deployment:shared:owner": False,
            "deployment:shared:registryAccount": "444455556666",
            "deployment:shared:zoneId": "Z0123456789ABC",
        }
    )
    stack = synth_stack(AccountStack, deployment)
    assert not [kind for kind, _, _ in stack.resources() if kind.startswith("aws_ecr_")]


@pytest.mark.proves("1.4.4")
def test_no_bucket_of_the_account_can_be_public(stack: StackJson) -> None:
    block = stack.resource("aws_s3_account_public_access_block.account")
    assert {value for setting, value in block.items() if setting != "//"} == {True}


@pytest.mark.proves("8.3.6", "8.3.7", "8.3.9")
def test_passwords_meet_the_stricter_of_pci_and_cis(stack: StackJson) -> None:
    policy = stack.resource("aws_iam_account_password_policy.account")
    assert policy["minimum_password_length"] >= 14
    assert policy["password_reuse_prevention"] == 24
    assert policy["max_password_age"] == 90
