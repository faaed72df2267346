"""cluster-addons: order, identities, storage, and what the chart is told."""

from __future__ import annotations

import pytest

from config.versions import ADDONS
from tests.synth import StackJson, Synth

STACK = "idp-cluster-addons"


@pytest.fixture(scope="module")
def addons(shipped: Synth) -> StackJson:
    return shipped.stack(STACK)


def test_every_addon_is_pinned_for_the_clusters_minor(addons: StackJson) -> None:
    found = addons.of_type("aws_eks_addon")
    assert set(found) == {"aws_ebs_csi_driver", "coredns", "metrics_server", "snapshot_controller"}
    assert all("-eksbuild." in addon["addon_version"] for addon in found.values())


def test_names_resolve_before_anything_else_runs(addons: StackJson) -> None:
    for name, addon in addons.of_type("aws_eks_addon").items():
        assert name == "coredns" or "aws_eks_addon.coredns" in addon["depends_on"]


def test_the_driver_gets_its_role_before_its_pods(addons: StackJson) -> None:
    association = addons.resource("aws_eks_pod_identity_association.ebs_csi_controller_sa")
    assert association["service_account"] == "ebs-csi-controller-sa"
    assert association["role_arn"].endswith('outputs.workload_role_arns["ebs-csi-sa"]}')
    depends = addons.resource("aws_eks_addon.aws_ebs_csi_driver")["depends_on"]
    assert "aws_eks_pod_identity_association.ebs_csi_controller_sa" in depends


def test_the_base_comes_after_the_definitions_that_it_uses(addons: StackJson) -> None:
    assert "aws_eks_addon.snapshot_controller" in addons.resource("helm_release.cluster_base")["depends_on"]


def test_the_load_balancer_controller_comes_after_its_role_and_its_policies(addons: StackJson) -> None:
    assert set(addons.resource("helm_release.aws_load_balancer_controller")["depends_on"]) == {
        "aws_eks_pod_identity_association.aws_load_balancer_controller",
        "helm_release.cluster_base",
    }


def test_only_what_other_stacks_know_is_in_the_json(addons: StackJson) -> None:
    key = "data.terraform_remote_state.foundation_data.outputs.ebs_key_arn"
    assert addons.resource("helm_release.cluster_base")["values"] == [
        '${file("${path.module}/values/cluster-base.yaml")}',
        f'${{yamlencode({{ "storage" = {{ "kmsKeyArn" = {key} }} }})}}',
    ]


def test_eks_own_storage_class_is_no_default(addons: StackJson) -> None:
    annotations = addons.resource("kubernetes_annotations.gp2")
    assert annotations["annotations"] == {"storageclass.kubernetes.io/is-default-class": "false"}
    assert annotations["force"] is True


def test_the_chart_is_beside_the_json_under_its_own_version(addons: StackJson, shipped: Synth) -> None:
    version = addons.resource("helm_release.cluster_base")["version"]
    assert (
        f"version: {version}\n"
        in (shipped.directory / "stacks" / STACK / "charts" / "cluster-base" / "Chart.yaml").read_text()
    )


def test_each_component_that_is_on_gets_a_namespace(shipped: Synth) -> None:
    found = shipped.values(STACK, "cluster-base")
    names = {namespace["name"] for namespace in found["namespaces"]}
    assert {"argocd", "backstage", "external-secrets", "kyverno", "monitoring"} <= names
    assert "velero" not in names


def test_the_groups_are_those_of_the_access_entries(shipped: Synth) -> None:
    assert shipped.values(STACK, "cluster-base")["access"] == {"operators": "idp:operators", "viewers": "idp:viewers"}


def test_the_load_balancer_controller_needs_no_instance_metadata(shipped: Synth, addons: StackJson) -> None:
    assert shipped.values(STACK, "aws-load-balancer-controller")["region"] == "us-west-2"
    assert '"vpcId" = ' in addons.resource("helm_release.aws_load_balancer_controller")["values"][1]


def test_the_providers_log_in_by_exec(addons: StackJson) -> None:
    helm = addons.document["provider"]["helm"][0]["kubernetes"]
    kubernetes = addons.document["provider"]["kubernetes"][0]
    for access, login in ((helm, helm["exec"]), (kubernetes, kubernetes["exec"][0])):
        assert (login["command"], login["args"][:2]) == ("aws", ["eks", "get-token"])
        assert "idp-platform" in login["args"]
        assert "token" not in access
        assert access["host"].endswith("cluster_eks.outputs.endpoint}")


def test_providers_have_an_upper_bound(addons: StackJson) -> None:
    required = addons.document["terraform"]["required_providers"]
    assert required["helm"] == {"source": "hashicorp/helm", "version": ">= 3.1.0, < 4.0.0"}
    assert required["kubernetes"] == {"source": "hashicorp/kubernetes", "version": ">= 2.38.0, < 3.0.0"}


def test_guarddutys_agent_comes_where_the_detector_is_ours_into_a_namespace_that_is_there(shipped: Synth) -> None:
    assert not [name for name in shipped.stack("idp-cluster-addons").of_type("aws_eks_addon") if "guardduty" in name]
    agent = shipped.stack("idp-pci-cluster-addons").resource("aws_eks_addon.aws_guardduty_agent")
    assert agent["addon_version"] == ADDONS["aws-guardduty-agent"]["1.34"]
    assert agent["depends_on"] == ["helm_release.cluster_base"]
    made = shipped.values("idp-pci-cluster-addons", "cluster-base")["namespaces"]
    assert {"name": "amazon-guardduty", "podSecurity": "privileged"} in made
