"""The platform's keys, one for each purpose of the table."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.kms_key import KmsKey

from constructs_lib.kms.key import customer_managed_key
from constructs_lib.kms.table import PURPOSES, statements
from constructs_lib.stack import PlatformStack

# Of keys that encrypt stored account data: kept in KMS, rotated, guarded by policies.
_ACCOUNT_DATA = ("3.5.1", "3.6.1", "3.6.1.2", "3.6.1.4", "3.7.1", "3.7.3", "3.7.4", "3.7.5", "3.7.7")
_SERVES = {
    "data": _ACCOUNT_DATA,
    "ebs": _ACCOUNT_DATA,
    "eks": ("8.3.2", "8.6.3"),
    "secrets": ("8.3.2", "8.6.3"),
    "logs": ("10.3.1",),
}


def platform_keys(stack: PlatformStack) -> dict[str, KmsKey]:
    """Purpose → key ``<deployment>-<purpose>``."""
    for purpose, requirements in _SERVES.items():
        stack.serves(f"aws_kms_key.{purpose}", *requirements)
    return {
        purpose: customer_managed_key(stack, purpose, description=description, grants=statements(stack.naming, purpose))
        for purpose, description in PURPOSES.items()
    }
