"""Tests of a team's stack: it holds all that the entry says, nobody else's, and as the engine would write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from constructs_lib.synth import documents, render
from constructs_lib.teams.values import common
from stacks.teams.team import TeamStack
from tests.iam_json import policy
from tests.synth import StackJson, Synth
from tests.teams import ALPHA, layer

PATH = "/idp/teams/"


@pytest.fixture(scope="module")
def alpha(teams: Synth) -> StackJson:
    return teams.stack("idp-teams-alpha")


@pytest.fixture(scope="module")
def beta(teams: Synth) -> StackJson:
    return teams.stack("idp-teams-beta")


@pytest.mark.parametrize("purpose", ["developer", "viewer", "secrets"])
def test_roles_lie_below_the_path_of_teams_and_under_the_boundary(alpha: StackJson, purpose: str) -> None:
    role = alpha.resource(f"aws_iam_role.{purpose}")
    assert (role["name"], role["path"]) == (f"idp-team-alpha-{purpose}", PATH)
    assert role["permissions_boundary"].endswith("foundation_iam.outputs.permissions_boundary_arn}")


def test_roles_trust_whom_the_entry_names(alpha: StackJson) -> None:
    trusted = {name: policy(alpha.statements(f"{name}_trust"))["Statement"][0] for name in ("developer", "viewer")}
    sso = "role/aws-reserved/sso.amazonaws.com/us-west-2/AWSReservedSSO_Alpha_0123456789abcdef"
    assert trusted["developer"]["Principal"] == {"AWS": f"arn:aws:iam::111122223333:{sso}"}
    assert trusted["viewer"]["Principal"] == {"AWS": "arn:aws:iam::111122223333:role/readers"}


def test_without_a_declared_role_administrators_may_become_the_team_s(beta: StackJson) -> None:
    for name in ("developer", "viewer"):
        (statement,) = beta.statements(f"{name}_trust")
        assert all("AWSReservedSSO_AdministratorAccess" in arn for arn in statement["principals"][0]["identifiers"])


def test_the_secrets_role_trusts_external_secrets_alone_with_its_tags(alpha: StackJson) -> None:
    (statement,) = alpha.statements("secrets_trust")
    assert statement["actions"] == ["sts:AssumeRole", "sts:TagSession"]
    (principal,) = statement["principals"]
    assert principal["identifiers"] == [
        '${data.terraform_remote_state.foundation_iam.outputs.workload_role_arns["external-secrets-sa"]}'
    ]


def test_people_reach_the_cluster_in_groups_of_their_team(alpha: StackJson) -> None:
    entries = alpha.of_type("aws_eks_access_entry")
    found = {name: (entry["principal_arn"], entry["kubernetes_groups"]) for name, entry in entries.items()}
    assert found == {
        "developer": ("${aws_iam_role.developer.arn}", ["idp:team-alpha:developers"]),
        "viewer": ("${aws_iam_role.viewer.arn}", ["idp:team-alpha:viewers"]),
    }
    # An access policy of EKS would go beyond what RBAC gives.
    assert not alpha.of_type("aws_eks_access_policy_association")


def test_executors_share_one_role_and_come_before_the_release(alpha: StackJson) -> None:
    roles = {"argo_workflows_executor": "executor", "workflows_reader": "reader", "workflows_builder": "builder"}
    depends = set(alpha.resource("helm_release.team_alpha")["depends_on"])
    assert "aws_iam_role.secrets" in depends
    for name, role in roles.items():
        association = alpha.resource(f"aws_eks_pod_identity_association.{name}")
        assert (association["namespace"], association["service_account"]) == ("team-alpha", name.replace("_", "-"))
        assert f'workload_role_arns["argo-{role}-sa"]' in association["role_arn"]
        assert f"aws_eks_pod_identity_association.{name}" in depends


def test_repositories_lie_below_the_team_s_prefix_immutable_and_kept(alpha: StackJson) -> None:
    made = alpha.of_type("aws_ecr_repository")
    assert {each["name"] for each in made.values()} == {"team/alpha/web", "team/alpha/charts/web"}
    for name, each in made.items():
        assert each["image_tag_mutability"] == "IMMUTABLE"
        assert each["lifecycle"] == {"prevent_destroy": True}
        assert each["tags"] == {"kubernetes-namespace": "team-alpha"}
        assert each["encryption_configuration"][0]["kms_key"].endswith("foundation_data.outputs.data_key_arn}")
        assert name in alpha.of_type("aws_ecr_lifecycle_policy")


def test_repositories_are_made_where_the_registry_is_owned(deployment_with: Callable[..., Deployment]) -> None:
    keys = {"deployment:shared:owner": False, "deployment:shared:zoneId": "Z0123456789ABC"}
    found = stack_of(deployment_with({**keys, "deployment:teams": [ALPHA]}), "alpha")
    assert not found.of_type("aws_ecr_repository")


def test_secrets_are_made_empty_below_the_team_s_path(alpha: StackJson) -> None:
    secret = alpha.resource("aws_secretsmanager_secret.secret_database")
    assert secret["name"] == "/idp/team/alpha/database"
    assert secret["kms_key_id"].endswith("foundation_data.outputs.secrets_key_arn}")
    assert not alpha.of_type("aws_secretsmanager_secret_version")
    assert alpha.resource("aws_secretsmanager_secret_policy.secret_database")["block_public_policy"] is True


def test_the_budget_counts_the_team_s_tag_and_tells_the_owner(alpha: StackJson, beta: StackJson) -> None:
    budget = alpha.resource("aws_budgets_budget.budget")
    assert (budget["limit_amount"], budget["limit_unit"], budget["time_unit"]) == ("500", "USD", "MONTHLY")
    assert budget["cost_filter"] == [{"name": "TagKeyValue", "values": ["user:team$alpha"]}]
    assert {address for each in budget["notification"] for address in each["subscriber_email_addresses"]} == {
        "alpha@example.com"
    }
    assert not beta.of_type("aws_budgets_budget")


def test_everything_carries_the_team_and_who_pays(alpha: StackJson, beta: StackJson) -> None:
    def tags(stack: StackJson) -> dict[str, str]:
        found: dict[str, str] = stack.document["provider"]["aws"][0]["default_tags"][0]["tags"]
        return found

    assert {k: tags(alpha)[k] for k in ("team", "owner", "cost-center", "layer")} == {
        "team": "alpha",
        "owner": "alpha@example.com",
        "cost-center": "4711",
        "layer": "teams",
    }
    assert {k: tags(beta)[k] for k in ("team", "owner", "cost-center")} == {
        "team": "beta",
        "owner": "platform",
        "cost-center": "platform",
    }


def test_the_catalog_s_file_is_an_object_that_backstage_discovers(alpha: StackJson) -> None:
    found = alpha.resource("aws_s3_object.catalog")
    assert found["key"] == "catalog/teams/alpha.yaml"
    assert found["bucket"].endswith("foundation_data.outputs.techdocs_bucket}")
    # The digest of an encrypted object isn't the file's: etag would show a change at every plan.
    assert "etag" not in found
    assert found["source_hash"] == '${filemd5("${path.module}/values/catalog.yaml")}'


@pytest.mark.parametrize(
    ("off", "kind", "name"),
    [
        (("backstage",), "aws_s3_object", "catalog"),
        (("argo-events", "argo-workflows"), "aws_eks_pod_identity_association", "argo_workflows_executor"),
    ],
)
def test_nothing_is_made_for_a_component_that_is_off(
    deployment_with: Callable[..., Deployment],
    shipped_context: dict[str, Any],
    off: tuple[str, ...],
    kind: str,
    name: str,
) -> None:
    components = {k: v for k, v in shipped_context["deployment:components"].items() if k not in off}
    found = stack_of(deployment_with({"deployment:components": components, "deployment:teams": [ALPHA]}), "alpha")
    assert name not in found.of_type(kind)


def test_a_stack_names_no_other_team(teams: Synth) -> None:
    for name, other in (("alpha", "beta"), ("beta", "alpha")):
        directory = teams.directory / "stacks" / f"idp-teams-{name}"
        for path in (directory / "cdk.tf.json", *directory.glob("values/*")):
            assert f"team-{other}" not in path.read_text(encoding="utf-8"), path.name


def test_the_engine_would_write_the_same(deployment_with: Callable[..., Deployment]) -> None:
    class ByTheEngine(TeamStack):
        """The same stack, its elements made by the engine one by one."""

        add, add_provider, override = PlatformStack.add, PlatformStack.add_provider, PlatformStack.override

    deployment = deployment_with({"deployment:teams": [ALPHA]})
    found = [rendered(deployment, kind) for kind in (TeamStack, ByTheEngine)]
    assert found[0] == found[1]


def stack_of(deployment: Deployment, name: str) -> StackJson:
    full = f"{deployment.id}-teams-{name}"
    return StackJson(full, documents(render([deployment], layer))[full])


def rendered(deployment: Deployment, kind: type[TeamStack]) -> dict[str, str]:
    def build(app: App, which: Deployment) -> list[TeamStack]:
        return [kind(app, which, team=which.teams[0], same=common(which))]

    return render([deployment], build)


def test_a_teams_namespace_says_its_pool_and_others_say_none(shipped: Synth) -> None:
    payments = shipped.values("idp-pci-teams-payments", "team-payments")
    assert payments["namespaces"] == [{"name": "team-payments", "podSecurity": "restricted", "pool": "pci-workloads"}]
    others = shipped.values("idp-teams-platform", "team-platform")
    assert "pool" not in others["namespaces"][0]


def test_the_teams_load_balancer_has_a_web_acl_where_the_deployment_wants_one(shipped: Synth) -> None:
    guarded, open_one = shipped.stack("idp-pci-teams-shared"), shipped.stack("idp-teams-shared")
    assert set(guarded.of_type("aws_wafv2_web_acl")) == {"teams"}
    assert (
        '"webAclArn" = aws_wafv2_web_acl.teams.arn' in guarded.resource("helm_release.team_load_balancer")["values"][1]
    )
    assert not open_one.of_type("aws_wafv2_web_acl")
