"""Route 53 Resolver's DNS Firewall and query logs, which moto lacks (Amazon Route 53 Resolver API reference).

Everything is complete at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.store import Item, Store

STORE = Store()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How one kind of thing is worded: verbs that make and remove it, and what it is once it is there."""

    name: str
    make: str
    remove: str
    arn: str
    ready: str = "COMPLETE"

    @property
    def key(self) -> str:
        return f"{self.name}Id"


KINDS = (
    Kind(
        name="FirewallDomainList",
        make="CreateFirewallDomainList",
        remove="DeleteFirewallDomainList",
        arn="firewall-domain-list",
    ),
    Kind(
        name="FirewallRuleGroup",
        make="CreateFirewallRuleGroup",
        remove="DeleteFirewallRuleGroup",
        arn="firewall-rule-group",
    ),
    Kind(
        name="FirewallRuleGroupAssociation",
        make="AssociateFirewallRuleGroup",
        remove="DisassociateFirewallRuleGroup",
        arn="firewall-rule-group-association",
    ),
    Kind(
        name="ResolverQueryLogConfig",
        make="CreateResolverQueryLogConfig",
        remove="DeleteResolverQueryLogConfig",
        arn="resolver-query-log-config",
        ready="CREATED",
    ),
    Kind(
        name="ResolverQueryLogConfigAssociation",
        make="AssociateResolverQueryLogConfig",
        remove="DisassociateResolverQueryLogConfig",
        arn="resolver-query-log-config-association",
        ready="ACTIVE",
    ),
)
_MADE = {kind.make: kind for kind in KINDS}
_REMOVED = {kind.remove: kind for kind in KINDS}
_SHOWN = {f"Get{kind.name}": kind for kind in KINDS}
_UPDATED = {f"Update{kind.name}": kind for kind in KINDS}


def route(request: Request) -> Response | None:
    if request.service != "route53resolver":
        return None
    verb = request.target
    if verb in _MADE:
        return _make(request, _MADE[verb])
    for verbs, change in ((_SHOWN, _show), (_REMOVED, _remove), (_UPDATED, _update)):
        if verb in verbs:
            return change(request, verbs[verb])
    found = _HANDLERS.get(verb)
    return found(request, request.json()) if found else None


def _make(request: Request, kind: Kind) -> Response:
    body = request.json()
    identifier = f"rslvr-{uuid.uuid4().hex[:17]}"
    made = body | {
        "Id": identifier,
        "Arn": f"arn:aws:route53resolver:{request.region}:{request.account}:{kind.arn}/{identifier}",
        "Status": kind.ready,
        "OwnerId": request.account,
        "ShareStatus": "NOT_SHARED",
    }
    STORE.table(request, "tags")[made["Arn"]] = {"Tags": made.pop("Tags", [])}
    if kind.name == "FirewallRuleGroupAssociation":
        made.setdefault("MutationProtection", "DISABLED")
    STORE.table(request, kind.name)[identifier] = made
    return answer({kind.name: made})


def _item(request: Request, kind: Kind) -> Item | None:
    body = request.json()
    table = STORE.table(request, kind.name)
    if kind.key in body:
        return table.get(body[kind.key])
    # An association of query logs ends by what it associates.
    same = (each for each in table.values() if all(each.get(key) == value for key, value in body.items()))
    return next(same, None)


def _show(request: Request, kind: Kind) -> Response:
    item = _item(request, kind)
    return answer({kind.name: item}) if item else _missing(request)


def _remove(request: Request, kind: Kind) -> Response:
    item = _item(request, kind)
    if item is None:
        return _missing(request)
    if item.get("MutationProtection") == "ENABLED":
        return failure("ConflictException", f"{item['Id']} is protected from changes")
    del STORE.table(request, kind.name)[item["Id"]]
    return answer({kind.name: item | {"Status": "DELETING"}})


def _update(request: Request, kind: Kind) -> Response:
    item = _item(request, kind)
    if item is None:
        return _missing(request)
    item |= {key: value for key, value in request.json().items() if key != kind.key}
    return answer({kind.name: item})


def _domains(request: Request, body: Item) -> Response:
    """UpdateFirewallDomains."""
    item = STORE.table(request, "FirewallDomainList").get(body["FirewallDomainListId"])
    if item is None:
        return _missing(request)
    given, names = body["Domains"], item.setdefault("Domains", [])
    kept = [name for name in names if name not in given] if body["Operation"] in ("ADD", "REMOVE") else []
    item["Domains"] = kept + (given if body["Operation"] in ("ADD", "REPLACE") else [])
    item["DomainCount"] = len(item["Domains"])
    return answer({"Id": item["Id"], "Name": item["Name"], "Status": "COMPLETE"})


def _list_domains(request: Request, body: Item) -> Response:
    item = STORE.table(request, "FirewallDomainList").get(body["FirewallDomainListId"])
    return answer({"Domains": item.get("Domains", [])}) if item else _missing(request)


def _rule(request: Request, body: Item) -> Response:
    """CreateFirewallRule, UpdateFirewallRule and DeleteFirewallRule: a rule is known by group and domain list."""
    table = STORE.table(request, "rules")
    key = f"{body['FirewallRuleGroupId']} {body['FirewallDomainListId']}"
    if request.target != "CreateFirewallRule" and key not in table:
        return _missing(request)
    table[key] = table.get(key, {}) | body
    return answer({"FirewallRule": table.pop(key) if request.target == "DeleteFirewallRule" else table[key]})


def _list_rules(request: Request, body: Item) -> Response:
    rules = STORE.table(request, "rules").values()
    return answer(
        {"FirewallRules": [each for each in rules if each["FirewallRuleGroupId"] == body["FirewallRuleGroupId"]]}
    )


def _config(request: Request, body: Item) -> Response:
    """GetFirewallConfig and UpdateFirewallConfig: each VPC has one, which begins closed."""
    vpc = body["ResourceId"]
    new = {"Id": f"rslvr-fc-{vpc}", "OwnerId": request.account, "ResourceId": vpc, "FirewallFailOpen": "DISABLED"}
    item = STORE.table(request, "configs").setdefault(vpc, new)
    item |= {key: body[key] for key in ("FirewallFailOpen",) if key in body}
    return answer({"FirewallConfig": item})


def _list_configs(request: Request, body: Item) -> Response:
    del body
    return answer({"FirewallConfigs": list(STORE.table(request, "configs").values())})


def _list_tags(request: Request, body: Item) -> Response:
    found: dict[str, Any] = STORE.table(request, "tags").get(body["ResourceArn"], {"Tags": []})
    return answer(found)


def _missing(request: Request) -> Response:
    return failure("ResourceNotFoundException", f"{request.target}: there is no {request.json()}")


_HANDLERS: Mapping[str, Callable[[Request, Item], Response]] = {
    "UpdateFirewallDomains": _domains,
    "ListFirewallDomains": _list_domains,
    "CreateFirewallRule": _rule,
    "UpdateFirewallRule": _rule,
    "DeleteFirewallRule": _rule,
    "ListFirewallRules": _list_rules,
    "GetFirewallConfig": _config,
    "UpdateFirewallConfig": _config,
    "ListFirewallConfigs": _list_configs,
    "ListTagsForResource": _list_tags,
}
