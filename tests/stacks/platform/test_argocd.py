"""platform-argocd: sign-in, who may do what, and what is deployed from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-argocd"
Objects = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def chart(shipped: Synth) -> Mapping[str, Any]:
    return release(shipped, STACK, "argocd").values


@pytest.fixture(scope="module")
def dex(chart: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(chart["configs"]["cm"]["dex.config"])
    return found


def objects(shipped: Synth, name: str) -> Objects:
    found = release(shipped, STACK, name).manifests("1.34")
    return {(each["kind"], each["metadata"].get("namespace", "")): each for each in found}


def test_nobody_signs_in_by_password_or_opens_a_shell(chart: Mapping[str, Any]) -> None:
    settings = chart["configs"]["cm"]
    assert (settings["admin.enabled"], settings["exec.enabled"]) == (False, False)


def test_who_is_in_no_known_group_sees_nothing(chart: Mapping[str, Any]) -> None:
    rbac = chart["configs"]["rbac"]
    assert rbac["policy.default"] == ""
    assert rbac["policy.csv"].splitlines() == ["g, example-org:platform, role:admin"]


def test_groups_are_named_as_the_policy_names_them(dex: dict[str, Any]) -> None:
    (connector,) = dex["connectors"]
    assert connector["config"]["teamNameField"] == "slug"
    assert connector["config"]["orgs"] == [{"name": "example-org"}]


def test_members_of_a_team_count_beside_its_groups(chart: Mapping[str, Any]) -> None:
    # The claim in which Dex's GitHub connector gives the login (Dex documentation, "Custom scopes, claims").
    assert yaml.safe_load(chart["configs"]["rbac"]["scopes"]) == ["groups", "preferred_username"]


def test_sign_in_uses_a_secret_that_is_synced_and_labelled(shipped: Synth, dex: dict[str, Any]) -> None:
    secrets = {each["name"]: each for each in release(shipped, STACK, "argocd-base").values["externalSecrets"]}
    for key in ("clientID", "clientSecret"):
        name, _, entry = dex["connectors"][0]["config"][key].removeprefix("$").partition(":")
        assert entry in secrets[name]["keys"]
        assert secrets[name]["labels"] == {"app.kubernetes.io/part-of": "argocd"}
        assert (secrets[name]["store"], secrets[name]["key"]) == ("platform-oauth", "argocd")


def test_workflows_sign_people_in_by_a_client_of_their_own(
    shipped: Synth, dex: dict[str, Any], chart: Mapping[str, Any]
) -> None:
    (client,) = dex["staticClients"]
    assert client["redirectURIs"] == ["https://workflows.example.com/oauth2/callback"]
    (variable,) = chart["dex"]["env"]
    assert variable["name"] == client["secretEnv"]
    reference = variable["valueFrom"]["secretKeyRef"]
    made = objects(shipped, "sso-clients")["ExternalSecret", "argocd"]["spec"]["target"]
    assert reference["name"] == made["name"]
    assert reference["key"] in made["template"]["data"]
    assert made["template"]["data"]["client-id"] == client["id"]


def test_the_clients_secret_is_made_once_and_read_by_name_only(shipped: Synth) -> None:
    found = objects(shipped, "sso-clients")
    assert found["ExternalSecret", "argocd"]["spec"]["refreshPolicy"] == "CreatedOnce"
    (rule,) = found["Role", "argocd"]["rules"]
    assert rule == {
        "apiGroups": [""],
        "resources": ["secrets"],
        "resourceNames": ["argo-workflows-sso"],
        "verbs": ["get"],
    }
    (subject,) = found["RoleBinding", "argocd"]["subjects"]
    store = found["SecretStore", "argo"]["spec"]["provider"]["kubernetes"]
    assert subject["namespace"] == "argo"
    assert (
        store["auth"]["serviceAccount"]["name"]
        == subject["name"]
        == found["ServiceAccount", "argo"]["metadata"]["name"]
    )
    assert store["remoteNamespace"] == "argocd"


def test_every_pod_of_the_cache_has_a_place_and_requests(chart: Mapping[str, Any]) -> None:
    cache = chart["redis-ha"]
    for pods in (cache, cache["haproxy"]):
        assert pods["nodeSelector"] == {"platform/pool": "platform"}
        assert pods["tolerations"]
    containers = [cache["redis"], cache["sentinel"], cache["splitBrainDetection"], cache["init"]]
    for container in [*containers, cache["haproxy"], cache["haproxy"]["init"]]:
        assert {"cpu", "memory"} == container["resources"]["requests"].keys()


def test_its_role_is_the_one_of_what_pulls_charts(shipped: Synth, chart: Mapping[str, Any]) -> None:
    associations = shipped.stack(STACK).of_type("aws_eks_pod_identity_association").values()
    assert {each["service_account"] for each in associations} == {
        chart["repoServer"]["serviceAccount"]["name"],
        chart["controller"]["serviceAccount"]["name"],
    }


def test_the_command_line_has_a_target_of_its_own_protocol(shipped: Synth) -> None:
    service = objects(shipped, "argocd-platform")["Service", "argocd"]
    assert service["metadata"]["annotations"]["alb.ingress.kubernetes.io/backend-protocol-version"] == "GRPC"
    ingress = release(shipped, STACK, "argocd-ingress").values
    assert [route["service"] for route in ingress["routes"]] == [service["metadata"]["name"], "argocd-server"]
    assert (
        "application/grpc"
        in ingress["annotations"][f"alb.ingress.kubernetes.io/conditions.{service['metadata']['name']}"]
    )


def test_the_platforms_applications_stay_in_its_project(shipped: Synth) -> None:
    found = objects(shipped, "argocd-platform")
    spec = found["ApplicationSet", "argocd"]["spec"]
    project = found["AppProject", "argocd"]
    (generator,) = spec["generators"]
    assert spec["template"]["spec"]["project"] == project["metadata"]["name"]
    assert [generator["git"]["repoURL"]] == project["spec"]["sourceRepos"]
    # The last part of the path is the namespace.
    assert spec["template"]["spec"]["destination"]["namespace"] == "{{ .path.basename }}"
    places = {each["path"].rpartition("/")[2] for each in generator["git"]["directories"]}
    assert places == {each["namespace"] for each in project["spec"]["destinations"]}


def test_an_application_that_disappears_takes_nothing_with_it(shipped: Synth) -> None:
    spec = objects(shipped, "argocd-platform")["ApplicationSet", "argocd"]["spec"]
    assert spec["syncPolicy"]["preserveResourcesOnDeletion"] is True


def test_the_platforms_project_holds_nothing_of_the_whole_cluster(shipped: Synth) -> None:
    spec = objects(shipped, "argocd-platform")["AppProject", "argocd"]["spec"]
    assert spec["clusterResourceWhitelist"] == []
    assert {each["namespace"] for each in spec["destinations"]} == {"argo", "argo-events"}
    assert spec["sourceRepos"] == ["https://github.com/example-org/aws-idp-infra.git"]


def test_the_registrys_token_is_renewed_before_it_ends(shipped: Synth) -> None:
    found = objects(shipped, "argocd-platform")
    secret = found["ExternalSecret", "argocd"]["spec"]
    assert secret["refreshInterval"] == "6h"
    assert secret["target"]["template"]["data"]["url"] == "111122223333.dkr.ecr.us-west-2.amazonaws.com"
    assert (
        secret["dataFrom"][0]["sourceRef"]["generatorRef"]["name"]
        == (found["ECRAuthorizationToken", "argocd"]["metadata"]["name"])
    )
