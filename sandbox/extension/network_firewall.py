"""Network Firewall, of which moto has a firewall without policies (AWS Network Firewall API reference).

Rule groups, policies and firewalls are ready at once; protections hold.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.store import Item, Store

STORE = Store()
# Update → the protection that it sets, as its request and the firewall call it.
PROTECTIONS: Mapping[str, str] = {
    "UpdateFirewallDeleteProtection": "DeleteProtection",
    "UpdateFirewallPolicyChangeProtection": "FirewallPolicyChangeProtection",
    "UpdateSubnetChangeProtection": "SubnetChangeProtection",
}
_KINDS = {"RuleGroup": "stateful-rulegroup", "FirewallPolicy": "firewall-policy", "Firewall": "firewall"}
# What a firewall is described by; the rest of its request is the call's own.
_TOKEN = {"UpdateToken": "sandbox"}


def route(request: Request) -> Response | None:
    if request.service != "network-firewall":
        return None
    verb = request.target
    found = _HANDLERS.get(verb)
    if found is not None:
        return found(request, request.json())
    if verb in PROTECTIONS:
        return _protect(request, request.json(), PROTECTIONS[verb])
    for kind in ("RuleGroup", "FirewallPolicy"):
        if verb in {f"{each}{kind}" for each in ("Create", "Describe", "Update", "Delete")}:
            return _part(request, verb.removesuffix(kind), kind, request.json())
    return None


def _part(request: Request, verb: str, kind: str, body: Item) -> Response:
    """A rule group or a policy."""
    table = STORE.table(request, kind)
    arn = body.get(f"{kind}Arn") or _arn(request, kind, body[f"{kind}Name"])
    if verb == "Create":
        shown = {key: value for key, value in body.items() if key not in (kind, "Rules", "DryRun")}
        identifier = str(uuid.uuid4())
        shown |= {f"{kind}Arn": arn, f"{kind}Id": identifier, f"{kind}Status": "ACTIVE", "NumberOfAssociations": 0}
        table[arn] = {kind: body.get(kind), "Rules": body.get("Rules"), "shown": shown}
    elif arn not in table:
        return _missing(arn)
    item = table.pop(arn) if verb == "Delete" else table[arn]
    if verb == "Update":
        item |= {key: body[key] for key in (kind, "Rules") if key in body}
        item["shown"] |= {key: body[key] for key in ("Description", "EncryptionConfiguration") if key in body}
    if verb == "Delete":
        return answer({f"{kind}Response": item["shown"] | {f"{kind}Status": "DELETING"}})
    given = {kind: item[kind]} if verb == "Describe" and item[kind] is not None else {}
    return answer({**given, f"{kind}Response": item["shown"], **_TOKEN})


def _create(request: Request, body: Item) -> Response:
    arn = _arn(request, "Firewall", body["FirewallName"])
    off = dict.fromkeys(PROTECTIONS.values(), False)
    made = off | body | {"FirewallArn": arn, "FirewallId": str(uuid.uuid4())}
    states = {
        _zone(request, each["SubnetId"]): {
            "Attachment": {
                "SubnetId": each["SubnetId"],
                "EndpointId": _endpoint(request, body["VpcId"]),
                "Status": "READY",
            }
        }
        for each in body["SubnetMappings"]
    }
    status = {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states}
    STORE.table(request, "Firewall")[arn] = {"Firewall": made, "FirewallStatus": status}
    return answer(STORE.table(request, "Firewall")[arn])


def _describe(request: Request, body: Item) -> Response:
    arn, item = _firewall(request, body)
    return answer({**item, **_TOKEN}) if item else _missing(arn)


def _delete(request: Request, body: Item) -> Response:
    arn, item = _firewall(request, body)
    if not item:
        return _missing(arn)
    if item["Firewall"]["DeleteProtection"]:
        return failure("InvalidOperationException", f"{arn} is protected from deletion")
    STORE.table(request, "logging").pop(arn, None)
    states = item["FirewallStatus"]["SyncStates"].values()
    _network(request).delete_vpc_endpoints([each["Attachment"]["EndpointId"] for each in states])
    return answer(STORE.table(request, "Firewall").pop(arn))


def _protect(request: Request, body: Item, name: str) -> Response:
    arn, item = _firewall(request, body)
    if not item:
        return _missing(arn)
    item["Firewall"][name] = body.get(name, False)
    return answer({"FirewallArn": arn, name: item["Firewall"][name], **_TOKEN})


def _logging(request: Request, body: Item) -> Response:
    arn, item = _firewall(request, body)
    if not item:
        return _missing(arn)
    table = STORE.table(request, "logging")
    if request.target.startswith("Update"):
        table[arn] = body.get("LoggingConfiguration") or {"LogDestinationConfigs": []}
    given = {"LoggingConfiguration": table[arn]} if arn in table else {}
    return answer({"FirewallArn": arn, **given})


def _tags(request: Request, body: Item) -> Response:
    for kind in _KINDS:
        item = STORE.table(request, kind).get(body["ResourceArn"])
        if item is not None:
            shown = item["Firewall"] if kind == "Firewall" else item["shown"]
            return answer({"Tags": shown.get("Tags", [])})
    return _missing(body["ResourceArn"])


def _firewall(request: Request, body: Item) -> tuple[str, Any]:
    arn = body.get("FirewallArn") or _arn(request, "Firewall", body["FirewallName"])
    return arn, STORE.table(request, "Firewall").get(arn)


def _network(request: Request) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[request.account][request.region]


def _zone(request: Request, subnet: str) -> str:
    return str(_network(request).get_subnet(subnet).availability_zone)


def _endpoint(request: Request, vpc: str) -> str:
    """What routes lead to is an endpoint of the VPC (AWS Network Firewall Developer Guide, "Firewall endpoints")."""
    service = f"com.amazonaws.vpce.{request.region}.sandbox-firewall"
    return str(_network(request).create_vpc_endpoint(vpc, service, "GatewayLoadBalancer", None, []).id)


def _arn(request: Request, kind: str, name: str) -> str:
    return f"arn:aws:network-firewall:{request.region}:{request.account}:{_KINDS[kind]}/{name}"


def _missing(arn: str) -> Response:
    return failure("ResourceNotFoundException", f"{arn} does not exist")


_HANDLERS: Mapping[str, Callable[[Request, Item], Response]] = {
    "CreateFirewall": _create,
    "DescribeFirewall": _describe,
    "DeleteFirewall": _delete,
    "UpdateLoggingConfiguration": _logging,
    "DescribeLoggingConfiguration": _logging,
    "ListTagsForResource": _tags,
}
