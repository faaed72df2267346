"""Analyzers of IAM Access Analyzer, which moto lacks (IAM Access Analyzer API reference)."""

from __future__ import annotations

from datetime import UTC, datetime

from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.store import Item, Store

STORE = Store()


def route(request: Request) -> Response | None:
    if request.service != "access-analyzer":
        return None
    kind, *rest = request.parts
    if kind == "analyzer":
        return _analyzers(request, rest)
    if kind == "tags" and rest:
        return _tags(request, rest[0])
    return None


def _analyzers(request: Request, rest: list[str]) -> Response | None:
    table = STORE.table(request, "analyzers")
    if request.method == "PUT" and not rest:
        return _create(request, table)
    if not rest:
        return answer({"analyzers": list(table.values())})
    (name,) = rest
    if name not in table:
        return failure("ResourceNotFoundException", f"{name} does not exist", 404)
    if request.method == "DELETE":
        del table[name]
        return answer({})
    return answer({"analyzer": table[name]})


def _create(request: Request, table: dict[str, Item]) -> Response:
    body = request.json()
    name = body["analyzerName"]
    if name in table:
        return failure("ConflictException", f"{name} exists", 409)
    arn = f"arn:aws:access-analyzer:{request.region}:{request.account}:analyzer/{name}"
    table[name] = {
        "arn": arn,
        "name": name,
        "type": body["type"],
        "status": "ACTIVE",
        "createdAt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tags": body.get("tags", {}),
    }
    return answer({"arn": arn})


def _tags(request: Request, arn: str) -> Response:
    for item in STORE.table(request, "analyzers").values():
        if item["arn"] == arn:
            if request.method == "POST":
                item["tags"] |= request.json()["tags"]
            elif request.method == "DELETE":
                for key in request.query.get("tagKeys", []):
                    item["tags"].pop(key, None)
            return answer({"tags": item["tags"]})
    return failure("ResourceNotFoundException", f"{arn} does not exist", 404)
