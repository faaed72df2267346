"""Conformance packs of AWS Config, which moto lacks (AWS Config API reference). A pack is complete at once."""

from __future__ import annotations

from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.store import Item, Store, now

STORE = Store()


def route(request: Request) -> Response | None:
    if request.service != "config":
        return None
    table, body = STORE.table(request, "packs"), request.json() if "ConformancePack" in request.target else {}
    if request.target == "PutConformancePack":
        return _put(request, table, body["ConformancePackName"])
    if request.target == "DeleteConformancePack":
        gone = table.pop(body["ConformancePackName"], None)
        return answer({}) if gone else _missing(body["ConformancePackName"])
    wanted = body.get("ConformancePackNames") or list(table)
    missing = [name for name in wanted if name not in table]
    if request.target == "DescribeConformancePacks":
        return _missing(*missing) if missing else answer({"ConformancePackDetails": [table[name] for name in wanted]})
    if request.target == "DescribeConformancePackStatus":
        states = [table[name] | {"ConformancePackState": "CREATE_COMPLETE"} for name in wanted if name in table]
        return answer({"ConformancePackStatusDetails": states})
    return None


def _put(request: Request, table: dict[str, Item], name: str) -> Response:
    arn = f"arn:aws:config:{request.region}:{request.account}:conformance-pack/{name}/conformance-pack-sandbox"
    table[name] = {
        "ConformancePackName": name,
        "ConformancePackArn": arn,
        "ConformancePackId": "conformance-pack-sandbox",
        "ConformancePackInputParameters": [],
        "LastUpdateRequestedTime": now(),
    }
    return answer({"ConformancePackArn": arn})


def _missing(*names: str) -> Response:
    return failure("NoSuchConformancePackException", f"{', '.join(names)} does not exist")
