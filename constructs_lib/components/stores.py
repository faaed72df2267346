"""The stores that External Secrets reads from: one for each scheme of paths, open to who has a secret in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from config.deployment import Deployment
from constructs_lib.addons.namespaces import platform_namespaces
from constructs_lib.data.secrets_table import EXTERNAL_SECRETS, rows

_PREFIX = "platform"


@dataclass(frozen=True, kw_only=True)
class Store:
    """A ClusterSecretStore that reads below ``prefix`` only, for ``namespaces`` only."""

    name: str
    prefix: str
    namespaces: tuple[str, ...]


def store_name(scheme: str) -> str:
    return f"{_PREFIX}-{scheme}"


def place(path: str) -> tuple[str, str]:
    """Store and key of a path of the table of secrets: ``db/backstage`` is ``backstage`` in ``platform-db``."""
    scheme, _, key = path.partition("/")
    return store_name(scheme), key


def stores(deployment: Deployment) -> tuple[Store, ...]:
    """The stores of ``deployment``, by name, open to the namespaces that are there: whoever made another could read."""
    there = {namespace.name for namespace in platform_namespaces(deployment)}
    readers: dict[str, set[str]] = {}
    for secret in rows(deployment):
        for reader in secret.readers:
            if secret.scheme == "synced" and reader.component == EXTERNAL_SECRETS:
                readers.setdefault(secret.path.partition("/")[0], set()).update(there.intersection(reader.into))
    return tuple(
        Store(
            name=store_name(scheme),
            prefix=f"/{deployment.id}/{scheme}/",
            namespaces=tuple(sorted(namespaces)),
        )
        for scheme, namespaces in sorted(readers.items())
    )
