"""Tests of the EKS store: what is given is read back, and what EKS refuses is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.extension import eks, eks_access, eks_groups, eks_parts
from sandbox.extension.store import Store
from tests.unit.sandbox.requests import request

ROLE = "arn:aws:iam::111122223333:role/idp-node"
CLUSTER = {
    "name": "idp-platform",
    "version": "1.34",
    "roleArn": "arn:aws:iam::111122223333:role/idp-cluster",
    "resourcesVpcConfig": {"subnetIds": ["subnet-1"], "endpointPublicAccess": False},
    "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
    "upgradePolicy": {"supportType": "STANDARD"},
}


@pytest.fixture(autouse=True)
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    store = Store()
    for module in (eks, eks_access, eks_parts):
        monkeypatch.setattr(module, "STORE", store)
    monkeypatch.setattr(eks_groups, "create", lambda *_: ("vpc-1", "sg-1"))
    monkeypatch.setattr(eks_groups, "delete", lambda *_: None)
    call("POST", "/clusters", **CLUSTER)
    yield


def call(method: str, path: str, **body: Any) -> dict[str, Any]:
    response = eks.route(request("eks", method, path, **body))
    assert response is not None
    return {"status": response.status, **json.loads(response.body)}


def node_group(**more: Any) -> dict[str, Any]:
    body = {"nodegroupName": "system", "nodeRole": ROLE, "subnets": ["subnet-1"]}
    return call("POST", "/clusters/idp-platform/node-groups", **body, **more)


def test_a_cluster_keeps_what_moto_loses() -> None:
    found = call("GET", "/clusters/idp-platform")["cluster"]
    assert found["accessConfig"] == {"authenticationMode": "API"}
    assert found["upgradePolicy"] == {"supportType": "STANDARD"}
    assert found["resourcesVpcConfig"]["clusterSecurityGroupId"] == "sg-1"


def test_a_cluster_with_nodes_is_not_deleted() -> None:
    node_group()
    assert call("DELETE", "/clusters/idp-platform")["status"] == 409
    call("DELETE", "/clusters/idp-platform/node-groups/system")
    assert call("DELETE", "/clusters/idp-platform")["status"] == 200
    assert call("GET", "/clusters")["clusters"] == []


def test_an_unknown_cluster_is_not_found() -> None:
    assert call("GET", "/clusters/other")["status"] == 404


def test_a_node_group_has_no_remote_access_that_nobody_gave() -> None:
    assert "remoteAccess" not in node_group()["nodegroup"]


def test_eks_makes_the_access_entry_of_a_node_groups_role() -> None:
    node_group()
    path = f"/clusters/idp-platform/access-entries/{quote(ROLE, safe='')}"
    assert call("GET", path)["accessEntry"]["type"] == "EC2_LINUX"


def test_a_second_entry_of_a_principal_is_refused() -> None:
    call("POST", "/clusters/idp-platform/access-entries", principalArn=ROLE)
    assert call("POST", "/clusters/idp-platform/access-entries", principalArn=ROLE)["status"] == 409


def test_an_access_policy_is_associated_and_taken_away() -> None:
    call("POST", "/clusters/idp-platform/access-entries", principalArn=ROLE)
    path = f"/clusters/idp-platform/access-entries/{quote(ROLE, safe='')}/access-policies"
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    call("POST", path, policyArn=policy, accessScope={"type": "cluster"})
    found = call("GET", path)["associatedAccessPolicies"]
    assert [(item["policyArn"], item["accessScope"]["type"]) for item in found] == [(policy, "cluster")]
    call("DELETE", f"{path}/{quote(policy, safe='')}")
    assert call("GET", path)["associatedAccessPolicies"] == []


def test_an_add_on_owns_its_pod_identity_associations() -> None:
    identity = [{"serviceAccount": "aws-node", "roleArn": ROLE}]
    made = call("POST", "/clusters/idp-platform/addons", addonName="vpc-cni", podIdentityAssociations=identity)["addon"]
    listed = call("GET", "/clusters/idp-platform/pod-identity-associations")["associations"]
    assert [item["associationArn"] for item in listed] == made["podIdentityAssociations"]
    assert listed[0]["ownerArn"] == made["addonArn"]
    call("DELETE", "/clusters/idp-platform/addons/vpc-cni")
    assert call("GET", "/clusters/idp-platform/pod-identity-associations")["associations"] == []


def test_a_service_account_has_one_association() -> None:
    path = "/clusters/idp-platform/pod-identity-associations"
    body = {"namespace": "karpenter", "serviceAccount": "karpenter", "roleArn": ROLE}
    assert call("POST", path, **body)["status"] == 200
    assert call("POST", path, **body)["status"] == 409


def test_tags_are_set_and_read_by_arn() -> None:
    arn = quote(call("GET", "/clusters/idp-platform")["cluster"]["arn"], safe="")
    call("POST", f"/tags/{arn}", tags={"owner": "platform"})
    assert call("GET", f"/tags/{arn}")["tags"] == {"owner": "platform"}
