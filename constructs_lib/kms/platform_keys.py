"""The platform's keys, one for each purpose of the table."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.kms_key import KmsKey

from constructs_lib.kms.key import customer_managed_key
from constructs_lib.kms.table import PURPOSES, statements
from constructs_lib.stack import PlatformStack


def platform_keys(stack: PlatformStack) -> dict[str, KmsKey]:
    """Purpose → key ``<deployment>-<purpose>``."""
    return {
        purpose: customer_managed_key(stack, purpose, description=description, grants=statements(stack.naming, purpose))
        for purpose, description in PURPOSES.items()
    }
