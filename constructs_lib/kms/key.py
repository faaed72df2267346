"""A customer managed key with rotation, an alias, and a key policy that the table of grants decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey

from constructs_lib.engine import TerraformProvider, TerraformResourceLifecycle
from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.stack import PlatformStack

# The longest waiting period: KMS API reference, ScheduleKeyDeletion (7 to 30 days).
DELETION_WINDOW_DAYS = 30
_KEY_ITSELF = 'A key policy speaks of its own key alone, which "*" stands for there.'


def customer_managed_key(
    stack: PlatformStack,
    purpose: str,
    *,
    description: str,
    grants: Sequence[Statement] = (),
    provider: TerraformProvider | None = None,
) -> KmsKey:
    """Key ``<deployment>-<purpose>``, rotated yearly and protected from destruction; the alias has the same name.

    The account's own IAM policies decide (statement AccountAdministration); ``grants`` add what IAM can't: AWS
    services, and principals of other accounts. Statements of a key policy apply to the key itself: resources are "*".
    ``provider`` is that of another region.
    """
    return _key(stack, purpose, grants, provider, description=description, enable_key_rotation=True)


def signing_key(stack: PlatformStack, purpose: str, *, description: str) -> KmsKey:
    """Asymmetric key ``<deployment>-<purpose>`` that signs and never leaves KMS; the alias has the same name.

    P-256 is the curve that cosign's keys have (cosign documentation, "KMS integrations"). Keys that sign can't be
    rotated by KMS (AWS KMS Developer Guide, "Rotating AWS KMS keys").
    """
    spec = {"customer_master_key_spec": "ECC_NIST_P256", "key_usage": "SIGN_VERIFY"}
    return _key(stack, purpose, (), None, description=description, **spec)


def _key(
    stack: PlatformStack,
    purpose: str,
    grants: Sequence[Statement],
    provider: TerraformProvider | None,
    **settings: Any,
) -> KmsKey:
    administration = Statement(
        sid="AccountAdministration",
        actions=("kms:*",),
        resources=("*",),
        principals={"AWS": (f"arn:aws:iam::{stack.deployment.platform.account}:root",)},
    )
    address = purpose.replace("-", "_")
    key = stack.add(
        KmsKey,
        address,
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        policy=policy_document(stack, f"{address}_key", [administration, *grants]),
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        provider=provider,
        **settings,
    )
    stack.waive(
        f"data.aws_iam_policy_document.{address}_key",
        CKV_AWS_109=_KEY_ITSELF,
        CKV_AWS_111=_KEY_ITSELF,
        CKV_AWS_356=_KEY_ITSELF,
    )
    name = f"alias/{stack.naming.name(purpose)}"
    stack.add(KmsAlias, address, name=name, target_key_id=key.key_id, provider=provider)
    return key
