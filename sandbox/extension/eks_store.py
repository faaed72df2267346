"""What the parts of the EKS store share: tables, refusals, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sandbox.extension.application import Request
from sandbox.extension.store import Item, Store, now

STORE = Store()


class EksError(Exception):
    """A refusal as EKS words it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


def pick(body: Mapping[str, object], names: Iterable[str]) -> Item:
    return {name: body[name] for name in names if body.get(name) is not None}


def arn(request: Request, resource: str) -> str:
    return f"arn:aws:eks:{request.region}:{request.account}:{resource}"


def update(identifier: str, kind: str) -> Item:
    """An update that is done."""
    return {"id": identifier, "status": "Successful", "type": kind, "createdAt": now(), "errors": [], "params": []}


def key(cluster: Item, name: str) -> str:
    return f"{cluster['name']} {name}"


def names(table: Mapping[str, Item], cluster: Item, field: str) -> list[str]:
    return sorted(item[field] for item in table.values() if item["clusterName"] == cluster["name"])


def found(table: Mapping[str, Item], cluster: Item, name: str, what: str) -> Item:
    if key(cluster, name) not in table:
        raise EksError("ResourceNotFoundException", f"No {what} found: {name}", 404)
    return table[key(cluster, name)]


def new(table: Mapping[str, Item], cluster: Item, name: str, what: str) -> None:
    if key(cluster, name) in table:
        raise EksError("ResourceInUseException", f"{what} already exists: {name}", 409)
