"""Node groups and add-ons of an EKS cluster."""

from __future__ import annotations

import uuid

from sandbox.extension.application import Request, Response, answer
from sandbox.extension.eks_access import add_entry, associate
from sandbox.extension.eks_store import STORE, arn, found, key, names, new, pick, update
from sandbox.extension.store import Item, now

# Where each add-on runs (EKS User Guide, "Available Amazon EKS add-ons from AWS").
ADDON_NAMESPACE = "kube-system"
GROUP_FIELDS = (
    "nodegroupName",
    "scalingConfig",
    "subnets",
    "instanceTypes",
    "amiType",
    "nodeRole",
    "labels",
    "taints",
    "tags",
    "launchTemplate",
    "updateConfig",
    "nodeRepairConfig",
    "capacityType",
    "version",
    "remoteAccess",
    "diskSize",
)
ADDON_FIELDS = ("addonName", "addonVersion", "serviceAccountRoleArn", "configurationValues", "tags")


def node_groups(request: Request, cluster: Item, rest: list[str]) -> Response:
    table = STORE.table(request, "node-groups")
    if not rest:
        if request.method == "GET":
            return answer({"nodegroups": names(table, cluster, "nodegroupName")})
        return _create_group(request, cluster, table)
    group = found(table, cluster, rest[0], "node group")
    if request.method == "DELETE":
        del table[key(cluster, rest[0])]
        return answer({"nodegroup": group | {"status": "DELETING"}})
    if len(rest) == 1:
        return answer({"nodegroup": group})
    if request.method == "POST":
        _change_group(group, request.json())
    return answer({"update": update(str(uuid.uuid4()), "ConfigUpdate")})


def _create_group(request: Request, cluster: Item, table: dict[str, Item]) -> Response:
    body = request.json()
    name = body["nodegroupName"]
    new(table, cluster, name, "NodeGroup")
    group = pick(body, GROUP_FIELDS)
    table[key(cluster, name)] = group
    group |= {
        "clusterName": cluster["name"],
        "nodegroupArn": arn(request, f"nodegroup/{cluster['name']}/{name}/{uuid.uuid4()}"),
        "createdAt": now(),
        "modifiedAt": now(),
        "status": "ACTIVE",
        "health": {"issues": []},
        "releaseVersion": f"{cluster['version']}.0-20260101",
        "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{uuid.uuid4()}"}]},
    }
    group.setdefault("version", cluster["version"])
    group.setdefault("updateConfig", {"maxUnavailable": 1})
    # EKS makes the entry of a managed group's role by itself (EKS User Guide, "Create access entries").
    entries = STORE.table(request, "access-entries")
    if key(cluster, group["nodeRole"]) not in entries:
        add_entry(request, cluster, entries, {"principalArn": group["nodeRole"], "type": "EC2_LINUX"})
    return answer({"nodegroup": group})


def _change_group(group: Item, body: Item) -> None:
    group.update(pick(body, ("scalingConfig", "updateConfig", "nodeRepairConfig", "launchTemplate", "version")))
    labels = body.get("labels", {})
    group.setdefault("labels", {}).update(labels.get("addOrUpdateLabels", {}))
    for name in labels.get("removeLabels", []):
        group["labels"].pop(name, None)
    taints = body.get("taints", {})
    gone = [taint["key"] for taint in (*taints.get("removeTaints", []), *taints.get("addOrUpdateTaints", []))]
    kept = [taint for taint in group.get("taints", []) if taint["key"] not in gone]
    group["taints"] = kept + taints.get("addOrUpdateTaints", [])


def addons(request: Request, cluster: Item, rest: list[str]) -> Response:
    table = STORE.table(request, "addons")
    if not rest:
        if request.method == "GET":
            return answer({"addons": names(table, cluster, "addonName")})
        body = request.json()
        new(table, cluster, body["addonName"], "Addon")
        addon = pick(body, ADDON_FIELDS)
        name = addon["addonName"]
        addon |= {
            "clusterName": cluster["name"],
            "addonArn": arn(request, f"addon/{cluster['name']}/{name}/{uuid.uuid4()}"),
            "createdAt": now(),
            "status": "ACTIVE",
            "health": {"issues": []},
        }
        table[key(cluster, name)] = addon
        return answer({"addon": _with_identity(request, cluster, addon, body)})
    addon = found(table, cluster, rest[0], "addon")
    if request.method == "DELETE":
        del table[key(cluster, rest[0])]
        _with_identity(request, cluster, addon, {"podIdentityAssociations": []})
    elif len(rest) > 1:
        body = request.json()
        addon |= pick(body, ADDON_FIELDS) | {"modifiedAt": now()}
        _with_identity(request, cluster, addon, body)
        return answer({"update": update(str(uuid.uuid4()), "AddonUpdate")})
    return answer({"addon": addon})


def _with_identity(request: Request, cluster: Item, addon: Item, body: Item) -> Item:
    """Make the add-on's associations those of ``body``, where it names any; an add-on owns them (ownerArn)."""
    if "podIdentityAssociations" not in body:
        return addon
    table = STORE.table(request, "pod-identity-associations")
    for owned in [k for k, item in table.items() if item.get("ownerArn") == addon["addonArn"]]:
        del table[owned]
    made = [
        associate(request, cluster, table, wanted | {"namespace": ADDON_NAMESPACE}) | {"ownerArn": addon["addonArn"]}
        for wanted in body["podIdentityAssociations"]
    ]
    for item in made:
        table[key(cluster, item["associationId"])] = item
    addon["podIdentityAssociations"] = [item["associationArn"] for item in made]
    return addon
