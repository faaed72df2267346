"""Access entries and pod identity associations of an EKS cluster."""

from __future__ import annotations

import uuid

from sandbox.extension.application import Request, Response, answer
from sandbox.extension.eks_store import STORE, EksError, arn, found, key, names, new, pick
from sandbox.extension.store import Item, now

ENTRY_FIELDS = ("principalArn", "kubernetesGroups", "username", "type", "tags")
ASSOCIATION_FIELDS = ("namespace", "serviceAccount", "roleArn", "tags", "targetRoleArn", "disableSessionTags")


def access_entries(request: Request, cluster: Item, rest: list[str]) -> Response:
    table = STORE.table(request, "access-entries")
    if not rest:
        if request.method == "GET":
            return answer({"accessEntries": names(table, cluster, "principalArn")})
        body = request.json()
        new(table, cluster, body["principalArn"], "access entry")
        return answer({"accessEntry": add_entry(request, cluster, table, body)})
    entry = found(table, cluster, rest[0], "access entry")
    if len(rest) > 1:
        return _access_policies(request, cluster, entry, rest[2:])
    if request.method == "DELETE":
        del table[key(cluster, rest[0])]
    elif request.method == "POST":
        entry |= pick(request.json(), ("kubernetesGroups", "username")) | {"modifiedAt": now()}
    return answer({"accessEntry": entry})


def add_entry(request: Request, cluster: Item, table: dict[str, Item], body: Item) -> Item:
    principal = body["principalArn"]
    kind, _, name = principal.rpartition(":")[2].partition("/")
    entry = {"type": "STANDARD", "kubernetesGroups": [], "tags": {}, "username": principal} | pick(body, ENTRY_FIELDS)
    entry |= {
        "clusterName": cluster["name"],
        "accessEntryArn": arn(request, f"access-entry/{cluster['name']}/{kind}/{name}/{uuid.uuid4()}"),
        "createdAt": now(),
        "modifiedAt": now(),
    }
    table[key(cluster, principal)] = entry
    return entry


def _access_policies(request: Request, cluster: Item, entry: Item, rest: list[str]) -> Response:
    # Kept on the entry, under a name that EKS doesn't answer with.
    policies = STORE.table(request, "policies").setdefault(entry["accessEntryArn"], {})
    about = {"clusterName": cluster["name"], "principalArn": entry["principalArn"]}
    if request.method == "GET":
        return answer(about | {"associatedAccessPolicies": list(policies.values())})
    if request.method == "DELETE":
        policies.pop(rest[0], None)
        return answer({})
    body = request.json()
    scope = {"namespaces": []} | body["accessScope"]
    associated = {"policyArn": body["policyArn"], "accessScope": scope, "associatedAt": now(), "modifiedAt": now()}
    policies[body["policyArn"]] = associated
    return answer(about | {"associatedAccessPolicy": associated})


def pod_identity(request: Request, cluster: Item, rest: list[str]) -> Response:
    table = STORE.table(request, "pod-identity-associations")
    if not rest:
        if request.method == "GET":
            items = [item for item in table.values() if item["clusterName"] == cluster["name"]]
            return answer({"associations": items})
        return answer({"association": associate(request, cluster, table, request.json())})
    item = found(table, cluster, rest[0], "association")
    if request.method == "DELETE":
        del table[key(cluster, rest[0])]
    elif request.method == "POST":
        item |= pick(request.json(), ("roleArn", "targetRoleArn", "disableSessionTags")) | {"modifiedAt": now()}
    return answer({"association": item})


def associate(request: Request, cluster: Item, table: dict[str, Item], body: Item) -> Item:
    place = (cluster["name"], body["namespace"], body["serviceAccount"])
    if any((item["clusterName"], item["namespace"], item["serviceAccount"]) == place for item in table.values()):
        raise EksError("ResourceInUseException", f"Association already exists: {place}", 409)
    identifier = f"a-{uuid.uuid4().hex[:17]}"
    item: Item = {"tags": {}} | pick(body, ASSOCIATION_FIELDS)
    item |= {
        "clusterName": cluster["name"],
        "associationId": identifier,
        "associationArn": arn(request, f"podidentityassociation/{cluster['name']}/{identifier}"),
        "createdAt": now(),
        "modifiedAt": now(),
    }
    table[key(cluster, identifier)] = item
    return item
