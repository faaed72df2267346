"""platform-crossplane: packages of the platform's registry, one role for providers, releases in their order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.components.catalog.crossplane import CROSSPLANE, PROVIDERS
from tests.kubernetes.releases import Release, release
from tests.synth import Synth

STACK = "idp-platform-crossplane"
IAM = "idp-foundation-iam"
NAMESPACE = "crossplane-system"


@pytest.fixture(scope="module")
def chart(everything: Synth) -> dict[str, Any]:
    return dict(release(everything, STACK, "crossplane").values)


@pytest.fixture(scope="module")
def packages(everything: Synth) -> Release:
    return release(everything, STACK, "crossplane-packages")


@pytest.fixture(scope="module")
def objects(packages: Release) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["kind"], each["metadata"]["name"]): each for each in packages.manifests("1.34")}


def of(objects: dict[tuple[str, str], dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each for (found, _), each in objects.items() if found == kind]


def test_it_is_off_as_shipped(shipped: Synth) -> None:
    assert STACK not in {stack.name for stack in shipped.stacks()}


def test_definitions_come_before_what_uses_them(everything: Synth) -> None:
    releases = everything.stack(STACK).of_type("helm_release")
    order = ["crossplane_base", "crossplane", "crossplane_packages", "crossplane_aws"]
    assert releases.keys() == set(order)
    for earlier, later in zip(order, order[1:], strict=False):
        assert releases[later]["depends_on"] == [f"helm_release.{earlier}"]


def test_the_configuration_waits_until_its_provider_brought_the_definition(
    packages: Release, objects: dict[tuple[str, str], dict[str, Any]], everything: Synth
) -> None:
    (job,) = of(objects, "Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "post-install,post-upgrade"
    (container,) = job["spec"]["template"]["spec"]["containers"]
    waited = {arg.partition("/")[2] for arg in container["args"] if arg.startswith("providers.pkg.crossplane.io/")}
    assert waited == {each["metadata"]["name"] for each in of(objects, "Provider")}
    assert "--for=condition=Healthy" in container["args"]
    timeout = everything.stack(STACK).resource("helm_release.crossplane_packages")["timeout"]
    assert packages.name == "crossplane-packages" and job["spec"]["activeDeadlineSeconds"] < timeout


def test_the_job_may_look_at_providers_and_nothing_else(objects: dict[tuple[str, str], dict[str, Any]]) -> None:
    (job,) = of(objects, "Job")
    (role,) = of(objects, "ClusterRole")
    assert role["rules"] == [
        {"apiGroups": ["pkg.crossplane.io"], "resources": ["providers"], "verbs": ["get", "list", "watch"]}
    ]
    (binding,) = of(objects, "ClusterRoleBinding")
    account = job["spec"]["template"]["spec"]["serviceAccountName"]
    assert [subject["name"] for subject in binding["subjects"]] == [account]
    assert ("ServiceAccount", account) in objects


def test_the_jobs_pods_have_the_labels_of_their_policy(
    everything: Synth, objects: dict[tuple[str, str], dict[str, Any]]
) -> None:
    (job,) = of(objects, "Job")
    policies = release(everything, STACK, "crossplane-base").values["networkPolicies"]
    (policy,) = [each for each in policies if each["name"] == "crossplane-wait"]
    labels = job["spec"]["template"]["metadata"]["labels"]
    assert policy["podSelector"]["matchLabels"].items() <= labels.items()


def test_packages_are_pulled_from_the_platforms_registry(
    everything: Synth, objects: dict[tuple[str, str], dict[str, Any]]
) -> None:
    (config,) = of(objects, "ImageConfig")
    (matched,) = config["spec"]["matchImages"]
    shared = everything.stack("idp-foundation-shared").of_type("aws_ecr_repository")
    repositories = {each["name"] for each in shared.values()}
    registry = "111122223333.dkr.ecr.us-west-2.amazonaws.com/"
    for provider in of(objects, "Provider"):
        package = provider["spec"]["package"]
        assert package.startswith(matched["prefix"])
        pulled = config["spec"]["rewriteImage"]["prefix"] + package.removeprefix(matched["prefix"])
        repository, _, tag = pulled.removeprefix(registry).partition(":")
        assert pulled.startswith(registry) and repository in repositories and tag.startswith("v")


def test_no_image_comes_from_its_upstream(everything: Synth) -> None:
    for name in ("crossplane", "crossplane-packages", "crossplane-aws"):
        values = json.dumps(release(everything, STACK, name).values)
        for host in ("xpkg.crossplane.io/crossplane/", "registry.k8s.io", "xpkg.upbound.io"):
            assert host not in values


def test_every_provider_runs_as_the_account_that_has_the_role(
    everything: Synth, objects: dict[tuple[str, str], dict[str, Any]]
) -> None:
    (config,) = of(objects, "DeploymentRuntimeConfig")
    account = config["spec"]["deploymentTemplate"]["spec"]["template"]["spec"]["serviceAccountName"]
    assert ("ServiceAccount", account) in objects
    assert {each["spec"]["runtimeConfigRef"]["name"] for each in of(objects, "Provider")} == {
        config["metadata"]["name"]
    }
    association = everything.stack(STACK).resource("aws_eks_pod_identity_association.provider_aws")
    assert (association["namespace"], association["service_account"]) == (NAMESPACE, account)
    assert association["role_arn"].endswith('outputs.workload_role_arns["crossplane-sa"]}')


def test_providers_use_the_role_of_their_own_pod(everything: Synth) -> None:
    (config,) = release(everything, STACK, "crossplane-aws").manifests("1.34")
    assert (config["kind"], config["metadata"]["name"]) == ("ClusterProviderConfig", "default")
    assert config["spec"] == {"credentials": {"source": "PodIdentity"}}


def test_crossplane_itself_reads_packages_by_a_role_that_does_nothing_else(
    everything: Synth, chart: dict[str, Any]
) -> None:
    association = everything.stack(STACK).resource("aws_eks_pod_identity_association.crossplane")
    assert association["service_account"] == chart["serviceAccount"]["name"]
    assert association["role_arn"].endswith('outputs.workload_role_arns["crossplane-packages-sa"]}')
    statements = {each["sid"]: each for each in everything.stack(IAM).statements("crossplane_packages_sa")}
    assert set(statements) == {"RegistryLogin", "PullImages"}
    assert statements["PullImages"]["resources"] == [
        "arn:aws:ecr:us-west-2:111122223333:repository/platform/crossplane-contrib/*"
    ]


def test_the_providers_role_reaches_what_has_its_own_names(everything: Synth) -> None:
    for statement in everything.stack(IAM).statements("crossplane_sa"):
        assert all(arn.rpartition(":")[2].startswith("idp-xp-") for arn in statement["resources"]), statement["sid"]
        services = {action.partition(":")[0] for action in statement["actions"]}
        assert services <= {"s3", "sqs", "sns"}


def test_only_kinds_that_the_role_is_for_become_definitions(everything: Synth, chart: dict[str, Any]) -> None:
    actions = {a for each in everything.stack(IAM).statements("crossplane_sa") for a in each["actions"]}
    services = {action.partition(":")[0] for action in actions}
    activated = chart["provider"]["defaultActivations"]
    assert {kind.split(".")[1] for kind in activated} == services
    assert all(kind.endswith(".aws.m.upbound.io") and "*" not in kind for kind in activated)


def test_a_provider_of_every_service_and_the_common_part_are_installed(chart: dict[str, Any]) -> None:
    services = {kind.split(".")[1] for kind in chart["provider"]["defaultActivations"]}
    assert PROVIDERS.keys() == {"provider-family-aws", *(f"provider-aws-{service}" for service in services)}
    assert chart["provider"]["packages"] == []


def test_policies_of_providers_select_by_the_name_of_the_provider(
    everything: Synth, objects: dict[tuple[str, str], dict[str, Any]]
) -> None:
    policies = release(everything, STACK, "crossplane-base").values["networkPolicies"]
    selected = {each["podSelector"]["matchLabels"].get("pkg.crossplane.io/provider") for each in policies} - {None}
    assert selected == {each["metadata"]["name"] for each in of(objects, "Provider")}


def test_the_common_part_calls_nobody_but_the_api_server(everything: Synth) -> None:
    policies = {each["name"]: each for each in release(everything, STACK, "crossplane-base").values["networkPolicies"]}
    assert len(policies["crossplane-provider-family-aws"]["egress"]) == 1
    assert len(policies["crossplane-provider-aws-sqs"]["egress"]) > 1


def test_no_compositions_are_offered_and_no_rights_on_them(everything: Synth, chart: dict[str, Any]) -> None:
    kinds = {
        each["kind"] for name in ("crossplane-packages", "crossplane-aws") for each in _manifests(everything, name)
    }
    assert not kinds & {"Composition", "CompositeResourceDefinition", "Configuration", "Function"}
    assert chart["rbacManager"]["skipAggregatedClusterRoles"] is True


def _manifests(everything: Synth, name: str) -> list[dict[str, Any]]:
    return release(everything, STACK, name).manifests("1.34")


def test_pods_are_sized_placed_and_without_rights(
    chart: dict[str, Any], objects: dict[tuple[str, str], dict[str, Any]]
) -> None:
    (config,) = of(objects, "DeploymentRuntimeConfig")
    (job,) = of(objects, "Job")
    for pod in (
        config["spec"]["deploymentTemplate"]["spec"]["template"]["spec"],
        job["spec"]["template"]["spec"],
    ):
        assert pod["nodeSelector"] == {"platform/pool": "platform"} and pod["tolerations"]
        assert pod["priorityClassName"] == "platform"
        assert pod["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["containers"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
    for part in ("Crossplane", "RBACManager"):
        assert chart[f"securityContext{part}"]["readOnlyRootFilesystem"] is True
        assert chart[f"podSecurityContext{part}"]["runAsNonRoot"] is True
        # The chart's own limit goes away only where it is said to.
        assert chart[f"resources{part}"]["limits"]["cpu"] is None


def test_crossplane_stays_when_a_node_goes(everything: Synth, chart: dict[str, Any]) -> None:
    assert (chart["replicas"], chart["rbacManager"]["replicas"]) == (2, 2)
    budgets = release(everything, STACK, "crossplane-base").values["podDisruptionBudgets"]
    assert [each["labels"]["app"] for each in budgets] == ["crossplane", "crossplane-rbac-manager"]
    assert CROSSPLANE.namespace == NAMESPACE
