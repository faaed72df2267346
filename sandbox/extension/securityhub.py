"""Security Hub's settings and standards, which moto lacks (AWS Security Hub API reference)."""

from __future__ import annotations

from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.store import Item, Store

STORE = Store()
_STANDARDS = "standards"


def route(request: Request) -> Response | None:
    if request.service != "securityhub":
        return None
    verb = (request.method, request.parts)
    if verb == ("PATCH", ("accounts",)):
        # moto's hub has the settings that ours asks for, and no others.
        return answer({})
    if verb == ("POST", ("standards", "register")):
        return _subscribe(request)
    if verb == ("POST", ("standards", "get")):
        return _subscriptions(request)
    if verb == ("POST", ("standards", "deregister")):
        return _unsubscribe(request)
    return None


def _subscribe(request: Request) -> Response:
    """BatchEnableStandards."""
    table = STORE.table(request, _STANDARDS)
    made = []
    for wanted in request.json()["StandardsSubscriptionRequests"]:
        standard = wanted["StandardsArn"]
        name = standard.partition("standards/")[2]
        arn = f"arn:aws:securityhub:{request.region}:{request.account}:subscription/{name}"
        table[arn] = {
            "StandardsArn": standard,
            "StandardsSubscriptionArn": arn,
            "StandardsInput": {},
            "StandardsStatus": "READY",
        }
        made.append(table[arn])
    return answer({"StandardsSubscriptions": made})


def _subscriptions(request: Request) -> Response:
    """GetEnabledStandards."""
    table = STORE.table(request, _STANDARDS)
    wanted = request.json().get("StandardsSubscriptionArns") or list(table)
    return answer({"StandardsSubscriptions": [table[arn] for arn in wanted if arn in table]})


def _unsubscribe(request: Request) -> Response:
    """BatchDisableStandards."""
    table = STORE.table(request, _STANDARDS)
    gone: list[Item] = []
    for arn in request.json()["StandardsSubscriptionArns"]:
        if arn not in table:
            return failure("ResourceNotFoundException", f"{arn} does not exist", 404)
        gone.append(table.pop(arn) | {"StandardsStatus": "DELETING"})
    return answer({"StandardsSubscriptions": gone})
