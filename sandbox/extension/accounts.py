"""An access key of ours acts in the account that it names; moto knows one account, and keys of its own making."""

from __future__ import annotations

from sandbox.environment import account_of


def patch() -> None:
    from moto.iam import models

    original = models.get_account_id_from

    def get_account_id_from(access_key: str) -> str:
        account: str = account_of(access_key) or original(access_key)
        return account

    models.get_account_id_from = get_account_id_from
