"""platform-argo-workflows: sign-in, archive, artifacts, and who may do what."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from config.versions import MINORS
from constructs_lib.components.catalog.argo_workflows import ARGO_WORKFLOWS, OF_TEAMS, token_secret
from constructs_lib.components.template import rendered
from constructs_lib.data.databases_table import TABLE as DATABASES
from constructs_lib.naming import Naming
from tests.kubernetes.releases import Release, release
from tests.synth import Synth

STACK = "idp-platform-argo-workflows"
MINOR = next(iter(MINORS))
NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")
Values = Mapping[str, Any]


@pytest.fixture(scope="module")
def chart(shipped: Synth) -> Values:
    return release(shipped, STACK, "argo-workflows").values


@pytest.fixture(scope="module")
def accounts(shipped: Synth) -> Release:
    return release(shipped, STACK, "workflow-accounts")


def client_of_dex(shipped: Synth) -> Values:
    dex = yaml.safe_load(release(shipped, "idp-platform-argocd", "argocd").values["configs"]["cm"]["dex.config"])
    (client,) = dex["staticClients"]
    found: Values = client
    return found


def test_people_sign_in_and_in_no_other_way(chart: Values) -> None:
    assert chart["server"]["authModes"] == ["sso"]
    assert chart["server"]["sso"]["rbac"]["enabled"] is True


def test_dex_knows_the_client_and_where_it_comes_back_to(shipped: Synth, chart: Values) -> None:
    sso, client = chart["server"]["sso"], client_of_dex(shipped)
    assert sso["issuer"] == "https://argocd.example.com/api/dex"
    assert client["redirectURIs"] == [sso["redirectUrl"]]
    assert {"groups", "profile"} <= set(sso["scopes"])


def test_the_clients_secret_is_made_in_the_cluster_and_read_here(shipped: Synth, chart: Values) -> None:
    made = release(shipped, "idp-platform-argocd", "sso-clients").manifests(MINOR)
    found = [
        each
        for each in made
        if each["kind"] == "ExternalSecret" and each["metadata"]["namespace"] == ARGO_WORKFLOWS.namespace
    ]
    sso = chart["server"]["sso"]
    assert {each["spec"]["target"]["name"] for each in found} == {sso["clientId"]["name"]}
    assert (sso["clientId"]["key"], sso["clientSecret"]["key"]) == ("client-id", "client-secret")
    assert sso["clientSecret"]["name"] == sso["clientId"]["name"]
    assert client_of_dex(shipped)["id"] == sso["clientId"]["name"]


def test_the_server_reads_the_tokens_that_it_acts_by_and_no_other_secret(accounts: Release, chart: Values) -> None:
    tokens = {each["metadata"]["name"] for each in accounts.manifests(MINOR) if each["kind"] == "Secret"}
    readable = set(chart["server"]["sso"]["rbac"]["secretWhitelist"])
    assert readable == tokens | {"argo-workflows-sso"} | {token_secret(account) for account in OF_TEAMS}


def test_accounts_of_teams_are_those_that_the_server_may_act_by(shipped: Synth) -> None:
    accounts = shipped.values("idp-teams-platform", "team-platform")["serviceAccounts"]
    assert {each["name"] for each in accounts if each.get("token")} == set(OF_TEAMS)


def test_everybody_is_let_in_without_rights_and_the_admin_team_has_all(accounts: Release) -> None:
    manifests = accounts.manifests(MINOR)
    rules = {
        each["metadata"]["name"]: each["metadata"].get("annotations", {}).get("workflows.argoproj.io/rbac-rule")
        for each in manifests
        if each["kind"] == "ServiceAccount"
    }
    assert rules == {
        "workflows-admin": "'example-org:platform' in groups",
        "workflows-visitor": "true",
        "techdocs-publisher": None,
        "workflows-reader": None,
        "workflows-builder": None,
    }
    bound = {s["name"] for each in manifests if each["kind"].endswith("Binding") for s in each["subjects"]}
    assert bound == {"workflows-admin"}


def test_an_administrators_rights_hold_no_secrets_and_no_way_into_pods(accounts: Release) -> None:
    (role,) = (each for each in accounts.manifests(MINOR) if each["kind"] == "ClusterRole")
    resources = {resource for rule in role["rules"] for resource in rule["resources"]}
    assert not resources & {"*", "secrets", "serviceaccounts", "pods/exec", "pods/attach", "pods/portforward"}


def test_the_archive_is_a_database_of_its_own_over_checked_tls(shipped: Synth, chart: Values) -> None:
    postgresql = chart["controller"]["persistence"]["postgresql"]
    (row,) = (row for row in DATABASES if row.component == "argo-workflows")
    assert postgresql["database"] == row.database
    assert (postgresql["ssl"], postgresql["sslMode"]) == (True, "verify-full")
    assert (
        "foundation_data.outputs.database_endpoint"
        in (shipped.stack(STACK).resource("helm_release.argo_workflows")["values"][1])
    )
    (secret,) = release(shipped, STACK, "argo-workflows-base").values["externalSecrets"]
    for key in ("userNameSecret", "passwordSecret"):
        assert postgresql[key]["name"] == secret["name"]
        assert postgresql[key]["key"] in secret["keys"]


@pytest.mark.parametrize("part", ["controller", "server"])
def test_the_servers_certificate_is_checked_by_roots_that_are_there(shipped: Synth, chart: Values, part: str) -> None:
    (made,) = release(shipped, STACK, "argo-workflows-base").values["configMaps"]
    environment = {each["name"]: each["value"] for each in chart[part]["extraEnv"]}
    (mount,), (volume,) = chart[part]["volumeMounts"], chart[part]["volumes"]
    assert mount["name"] == volume["name"]
    assert volume["configMap"]["name"] == made["name"]
    assert environment["PGSSLROOTCERT"] in {f"{mount['mountPath']}/{file}" for file in made["data"]}


@pytest.mark.parametrize("part", ["controller", "server"])
def test_a_new_password_restarts_who_reads_it(shipped: Synth, chart: Values, part: str) -> None:
    (secret,) = release(shipped, STACK, "argo-workflows-base").values["externalSecrets"]
    named = chart[part]["deploymentAnnotations"]["secret.reloader.stakater.com/reload"].split(",")
    assert secret["name"] in named


@pytest.mark.parametrize("sizing", ["seed-cost", "ha", "large"])
def test_connections_fit_the_users_limit_during_a_rollout(
    deployment_with: Callable[..., Deployment], sizing: str
) -> None:
    values = yaml.safe_load(
        rendered(ARGO_WORKFLOWS, "argo-workflows", deployment_with({"deployment:sizing": sizing}), NAMING)
    )
    # A Deployment may have a quarter more pods while it rolls out (Kubernetes documentation, "Max Surge").
    pods = sum(values[part]["replicas"] + math.ceil(values[part]["replicas"] / 4) for part in ("controller", "server"))
    (row,) = (row for row in DATABASES if row.component == "argo-workflows")
    assert pods * values["controller"]["persistence"]["connectionPool"]["maxOpenConns"] <= row.connection_limit


def test_artifacts_lie_below_their_namespace(chart: Values) -> None:
    s3 = chart["artifactRepository"]["s3"]
    assert s3["keyFormat"].startswith("{{workflow.namespace}}/")
    assert s3["bucket"] == "idp-artifacts-example-org-111122223333-us-west-2"


def test_artifacts_are_moved_by_the_pods_role(shipped: Synth, chart: Values) -> None:
    assert (chart["useStaticCredentials"], chart["artifactRepository"]["s3"]["useSDKCreds"]) == (False, True)
    executor = chart["workflow"]["serviceAccount"]["name"]
    associations = shipped.stack(STACK).of_type("aws_eks_pod_identity_association").values()
    roles = {each["service_account"]: each["role_arn"] for each in associations}
    assert chart["controller"]["workflowDefaults"]["spec"]["serviceAccountName"] == executor
    for account, role in {executor: "executor", "workflows-reader": "reader", "workflows-builder": "builder"}.items():
        assert f'workload_role_arns["argo-{role}-sa"]' in roles[account]
    reporters = {each["name"] for each in chart["workflow"]["rbac"]["serviceAccounts"]}
    assert reporters == {"techdocs-publisher", "workflows-reader", "workflows-builder"}


def test_definitions_come_with_the_chart(chart: Values) -> None:
    assert (chart["crds"]["install"], chart["crds"]["full"], chart["crds"]["keep"]) == (True, False, True)


def test_steps_of_workflows_have_no_way_to_argo_cd(shipped: Synth) -> None:
    """They read its Applications from the API server."""
    found = release(shipped, "idp-platform-argocd", "argocd-base").values["networkPolicies"]
    peers = [peer for policy in found for rule in policy["ingress"] for peer in rule["from"]]
    assert peers
    assert not [peer for peer in peers if "workflows.argoproj.io" in str(peer) or "'argo'" in str(peer)]


def test_templates_come_after_the_definitions_and_the_daemons_after_certificates(shipped: Synth) -> None:
    stack = shipped.stack(STACK)
    made = {arguments["name"]: arguments for arguments in stack.of_type("helm_release").values()}
    addresses = {arguments["name"]: f"helm_release.{name}" for name, arguments in stack.of_type("helm_release").items()}
    assert addresses["argo-workflows"] in made["build-daemon"]["depends_on"]
    assert addresses["build-daemon"] in made["workflow-templates"]["depends_on"]
    assert any("cert_manager" in name for name in stack.document["data"]["terraform_remote_state"])


def test_every_template_is_beside_the_json(shipped: Synth) -> None:
    chart = shipped.directory / "stacks" / STACK / "charts" / "workflow-templates"
    found = {path.name for path in chart.glob("workflow-templates/*/*.yaml")}
    assert {"ci.yaml", "cd.yaml", "pull-request.yaml", "docker-kaniko.yaml", "techdocs-publish.yaml"} <= found
