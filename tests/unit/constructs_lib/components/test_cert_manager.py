"""cert-manager's contact, and where its pods may connect to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.components.catalog.cert_manager import CERT_MANAGER
from constructs_lib.components.pods import placed
from constructs_lib.components.policies import policies
from constructs_lib.iam.workloads import workload_names
from constructs_lib.naming import Naming

Build = Callable[..., Deployment]
NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")


def email(deployment: Deployment) -> str:
    found: str = CERT_MANAGER.context(deployment, NAMING)["email"]
    return found


def test_the_first_administrator_hears_of_the_account(deployment_with: Build) -> None:
    assert email(deployment_with()) == "admin@example.com"


def test_whom_the_file_names_hears_of_the_account(deployment_with: Build, shipped_context: dict[str, Any]) -> None:
    components = shipped_context["deployment:components"]
    changed = components | {"cert-manager": {"enabled": True, "email": "pki@example.com"}}
    assert email(deployment_with({"deployment:components": changed})) == "pki@example.com"


def test_only_the_controller_reaches_the_internet(deployment_with: Build) -> None:
    found = policies(CERT_MANAGER, deployment_with(), {"cert-manager": CERT_MANAGER})
    reach = {
        each["name"]
        for each in found
        for rule in each["egress"]
        for peer in rule["to"]
        if peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
    }
    assert reach == {"cert-manager-controller"}


def test_with_the_clusters_own_authority_nothing_leaves_and_no_role_is_there(deployment_with: Build) -> None:
    deployment = deployment_with({"deployment:transit:issuer": "cluster"})
    peers = [
        peer
        for each in policies(CERT_MANAGER, deployment, {"cert-manager": CERT_MANAGER})
        for rule in each["egress"]
        for peer in rule["to"]
    ]
    blocks = {peer["ipBlock"]["cidr"] for peer in peers if "ipBlock" in peer}
    assert blocks and blocks.isdisjoint({"0.0.0.0/0", "169.254.170.23/32"})
    assert "cert-manager-sa" in workload_names(deployment_with())
    assert "cert-manager-sa" not in workload_names(deployment)
    charts = [own.name for own in CERT_MANAGER.own_charts if own.when(deployment)]
    assert charts == ["cluster-authority"]
    assert [own.name for own in CERT_MANAGER.own_charts if own.when(deployment_with())] == ["cluster-issuers"]


@pytest.mark.parametrize(
    ("profile", "replicas"),
    [
        ("ha", {"controller": 2, "webhook": 3, "cainjector": 2}),
        ("seed-cost", {"controller": 1, "webhook": 2, "cainjector": 1}),
    ],
)
def test_the_webhook_stays_when_a_pod_goes(deployment_with: Build, profile: str, replicas: dict[str, int]) -> None:
    deployment = deployment_with({"deployment:sizing": profile})
    found = {each.name: placed(each, deployment).replicas for each in CERT_MANAGER.pods if each.kind != "Job"}
    assert found == replicas
