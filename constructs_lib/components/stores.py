"""The stores that External Secrets reads from: one for each scheme of paths, open to who has a secret in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.deployment import Deployment
from constructs_lib.addons.namespaces import platform_namespaces
from constructs_lib.data.secrets_table import EXTERNAL_SECRETS, Reader, rows

_PREFIX = "platform"


@dataclass(frozen=True, kw_only=True)
class Store:
    """A ClusterSecretStore that reads below ``prefix`` only, as the role ``becomes`` (without the deployment id) where
    there is one, for ``namespaces`` only, and those whose label ``platform/scope`` is one of ``scopes``."""

    name: str
    prefix: str
    namespaces: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    becomes: str = ""


def store_name(scheme: str) -> str:
    return f"{_PREFIX}-{scheme}"


def place(path: str) -> tuple[str, str]:
    """Store and key of a path of the table of secrets: ``db/backstage`` is ``backstage`` in ``platform-db``."""
    scheme, _, key = path.partition("/")
    return store_name(scheme), key


def stores(deployment: Deployment) -> tuple[Store, ...]:
    """The stores of ``deployment``, by name, open to the namespaces that are there: whoever made another could read.

    Raises ValueError where two readers of one store are to become two roles.
    """
    there = {namespace.name for namespace in platform_namespaces(deployment)}
    readers: dict[str, list[Reader]] = {}
    for secret in rows(deployment):
        for reader in secret.readers:
            if secret.scheme == "synced" and reader.component == EXTERNAL_SECRETS:
                readers.setdefault(secret.path.partition("/")[0], []).append(reader)
    return tuple(
        _store(f"/{deployment.id}/{scheme}/", store_name(scheme), found, there)
        for scheme, found in sorted(readers.items())
    )


def _store(prefix: str, name: str, readers: Sequence[Reader], there: set[str]) -> Store:
    (becomes,) = {reader.becomes for reader in readers}
    return Store(
        name=name,
        prefix=prefix,
        namespaces=tuple(sorted(there & {namespace for reader in readers for namespace in reader.into})),
        scopes=tuple(sorted({scope for reader in readers for scope in reader.scopes})),
        becomes=becomes,
    )
