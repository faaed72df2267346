"""Amazon EKS as a small store: moto's own loses access_config, upgrade_policy and the cluster security group, and knows
no add-ons, access entries or pod identity associations.

Everything is ACTIVE at once. Source: Amazon EKS API reference; each rule that refuses something says where from.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping

from sandbox.extension import eks_access, eks_groups, eks_parts
from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.eks_store import STORE, EksError, arn, pick, update
from sandbox.extension.store import Item, now

# Collection in the path → module function that answers for it.
PARTS: Mapping[str, Callable[[Request, Item, list[str]], Response]] = {
    "node-groups": eks_parts.node_groups,
    "addons": eks_parts.addons,
    "access-entries": eks_access.access_entries,
    "pod-identity-associations": eks_access.pod_identity,
}
CLUSTER_FIELDS = (
    "name",
    "version",
    "roleArn",
    "encryptionConfig",
    "logging",
    "tags",
    "deletionProtection",
    "upgradePolicy",
    "zonalShiftConfig",
)
UPDATABLE = ("logging", "upgradePolicy", "zonalShiftConfig", "deletionProtection")


def route(request: Request) -> Response | None:
    if request.service != "eks":
        return None
    try:
        return _dispatch(request, list(request.parts))
    except EksError as error:
        return failure(error.code, str(error), error.status)


def _dispatch(request: Request, parts: list[str]) -> Response | None:
    if parts[0] == "tags":
        return _tags(request, parts[1])
    if parts[0] != "clusters":
        return None
    clusters = STORE.table(request, "clusters")
    if len(parts) == 1:
        return _create(request, clusters) if request.method == "POST" else answer({"clusters": sorted(clusters)})
    if parts[1] not in clusters:
        raise EksError("ResourceNotFoundException", f"No cluster found for name: {parts[1]}.", 404)
    cluster = clusters[parts[1]]
    if len(parts) == 2:
        return _delete(request, clusters, cluster) if request.method == "DELETE" else answer({"cluster": cluster})
    if parts[2] in PARTS:
        return PARTS[parts[2]](request, cluster, parts[3:])
    return _change(request, cluster, parts[2:])


def _create(request: Request, clusters: dict[str, Item]) -> Response:
    body = request.json()
    name = body["name"]
    if name in clusters:
        raise EksError("ResourceInUseException", f"Cluster already exists with name: {name}", 409)
    identity = uuid.uuid4().hex.upper()
    address = f"{request.region}.eks.amazonaws.com"
    clusters[name] = pick(body, CLUSTER_FIELDS) | {
        "arn": arn(request, f"cluster/{name}"),
        "createdAt": now(),
        "status": "ACTIVE",
        "platformVersion": "eks.1",
        "endpoint": f"https://{identity}.gr7.{address}",
        "certificateAuthority": {"data": base64.b64encode(identity.encode()).decode()},
        "identity": {"oidc": {"issuer": f"https://oidc.eks.{request.region}.amazonaws.com/id/{identity}"}},
        "kubernetesNetworkConfig": {"ipFamily": "ipv4", "elasticLoadBalancing": {"enabled": False}}
        | body.get("kubernetesNetworkConfig", {}),
        "accessConfig": _access(body),
        "resourcesVpcConfig": _network(request, body),
    }
    clusters[name].setdefault("upgradePolicy", {"supportType": "EXTENDED"})
    return answer({"cluster": clusters[name]})


def _access(body: Item) -> Item:
    # Not given back after creation (EKS API reference, AccessConfigResponse).
    return {"authenticationMode": body.get("accessConfig", {}).get("authenticationMode", "CONFIG_MAP")}


def _network(request: Request, body: Item) -> Item:
    given = body["resourcesVpcConfig"]
    vpc, group = eks_groups.create(request, body["name"], given["subnetIds"])
    defaults = {"endpointPublicAccess": True, "endpointPrivateAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]}
    found: Item = {"securityGroupIds": []} | defaults | given | {"vpcId": vpc, "clusterSecurityGroupId": group}
    return found


def _delete(request: Request, clusters: dict[str, Item], cluster: Item) -> Response:
    name = cluster["name"]
    if any(item["clusterName"] == name for item in STORE.table(request, "node-groups").values()):
        raise EksError("ResourceInUseException", "Cluster has nodegroups attached", 409)
    if cluster.get("deletionProtection"):
        raise EksError("InvalidRequestException", "Cluster has deletion protection enabled")
    for collection in PARTS:
        table = STORE.table(request, collection)
        for key in [key for key, item in table.items() if item["clusterName"] == name]:
            del table[key]
    eks_groups.delete(request, cluster["resourcesVpcConfig"]["clusterSecurityGroupId"])
    del clusters[name]
    return answer({"cluster": cluster | {"status": "DELETING"}})


def _change(request: Request, cluster: Item, parts: list[str]) -> Response:
    if parts[0] == "updates" and request.method == "GET":
        return answer({"update": update(parts[1], "VersionUpdate")})
    body = request.json()
    if parts[0] == "updates":
        cluster["version"] = body["version"]
    elif parts[0] == "update-config":
        cluster.update(pick(body, UPDATABLE))
        cluster["resourcesVpcConfig"].update(body.get("resourcesVpcConfig", {}))
        cluster["accessConfig"].update(body.get("accessConfig", {}))
    else:
        raise EksError("NotImplementedInSandbox", f"EKS {request.method} {request.path}")
    return answer({"update": update(str(uuid.uuid4()), "ConfigUpdate")})


def _tags(request: Request, resource: str) -> Response:
    for collection in ("clusters", *PARTS):
        for item in STORE.table(request, collection).values():
            if resource in (
                item.get("arn"),
                item.get("nodegroupArn"),
                item.get("addonArn"),
                item.get("accessEntryArn"),
            ):
                return _tagged(request, item.setdefault("tags", {}))
            if resource == item.get("associationArn"):
                return _tagged(request, item.setdefault("tags", {}))
    raise EksError("NotFoundException", f"{resource} not found", 404)


def _tagged(request: Request, tags: dict[str, str]) -> Response:
    if request.method == "POST":
        tags.update(request.json()["tags"])
    elif request.method == "DELETE":
        for key in request.query["tagKeys"]:
            tags.pop(key, None)
    return answer({"tags": tags} if request.method == "GET" else {})
