"""The platform's own repositories, and who in further accounts may pull from them."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy

from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.registry import lifecycle
from constructs_lib.registry.table import REPOSITORIES
from constructs_lib.stack import PlatformStack

# Amazon ECR User Guide, "Pulling an image: required permissions". GetAuthorizationToken has no repository.
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def repositories(stack: PlatformStack, *, key_arn: str, consumers: str | None) -> None:
    """``platform/<name>`` for each row of the table: immutable tags, scanned, encrypted by the key ``key_arn``.

    ``consumers`` is the policy of ``consumer_policy``. The registry's scanning settings (stack ``account``) decide how
    images are scanned; ``scan_on_push`` is what holds where somebody else owns those settings.
    """
    policies = {False: lifecycle.built(stack), True: lifecycle.mirrored(stack)}
    for repository in REPOSITORIES:
        copied = repository.mirrors is not None
        _repository(stack, repository.full_name, policies[copied], copied=copied, key_arn=key_arn, consumers=consumers)


def mirrors(stack: PlatformStack, names: Sequence[str], *, key_arn: str, consumers: str | None) -> None:
    """Repositories ``names`` for copies of upstreams' images, which a job fills and replication carries on."""
    policy = lifecycle.mirrored(stack, "mirrors")
    for name in names:
        _repository(stack, name, policy, copied=True, key_arn=key_arn, consumers=consumers)


def _repository(
    stack: PlatformStack, full_name: str, policy: str, *, copied: bool, key_arn: str, consumers: str | None
) -> None:
    name = address(full_name)
    made = stack.add(
        EcrRepository,
        name,
        name=full_name,
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
        encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="KMS", kms_key=key_arn)],
        tags={"filled-by": "copy of upstream" if copied else "ci"},
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
    )
    stack.serves(f"aws_ecr_repository.{name}", "6.3.1", "6.3.2", "6.5.1", "11.3.1", "11.3.1.3")
    stack.add(EcrLifecyclePolicy, name, repository=made.name, policy=policy)
    if consumers is not None:
        stack.add(EcrRepositoryPolicy, name, repository=made.name, policy=consumers)


def consumer_policy(stack: PlatformStack) -> str | None:
    """The repository policy that lets the declared accounts pull; None where there are none.

    They need no right to the key: ECR decrypts by a grant that belongs to the repository (Amazon ECR User Guide,
    "Encryption at rest").
    """
    accounts = stack.deployment.shared.consumer_accounts
    if not accounts:
        return None
    principals = tuple(f"arn:aws:iam::{account}:root" for account in accounts)
    return policy_document(
        stack, "consumers", [Statement(sid="ConsumersPull", actions=PULL, principals={"AWS": principals})]
    )
