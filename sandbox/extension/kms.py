"""Keys that moto makes for AWS's own aliases (``alias/aws/…``) are AWS's, not the account's."""

from __future__ import annotations

from typing import Any


def patch() -> None:
    from moto.kms.models import KmsBackend

    original = KmsBackend._generate_default_keys

    def generate(self: Any, alias_name: str) -> Any:
        identifier = original(self, alias_name)
        if identifier is not None:
            self.keys[identifier].key_manager = "AWS"
        return identifier

    KmsBackend._generate_default_keys = generate
