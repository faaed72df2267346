"""The tables of teams: what developers may not write is deployed by nobody for them, and limits follow quotas."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.capacity import Room
from config.deployment import Deployment
from config.rules.teams import RESERVED
from config.teams import SIZES, Quotas, Team
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.naming import Naming
from constructs_lib.teams.kinds import KINDS, Kind, deployable, rules
from constructs_lib.teams.limits import hard, limit_range
from constructs_lib.teams.rights import TEAM_RIGHTS, rights_of
from tools import access_page

NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")
SEED = {
    "developer": [
        "EKS: team-{name} namespace (full), staging (deploy)",
        "ECR: push/pull team repos",
        "S3: team artifact prefix",
    ],
    "viewer": ["EKS: team-{name} namespace (read-only)"],
}


def test_rows_of_kubernetes_are_there_once() -> None:
    rows = [(row.group, row.resource) for row in KINDS]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("row", KINDS, ids=lambda row: f"{row.resource}.{row.group}")
def test_argo_cd_deploys_only_what_developers_may_write(row: Kind) -> None:
    assert not row.deployed or row.developer == "full"


@pytest.mark.parametrize("row", KINDS, ids=lambda row: f"{row.resource}.{row.group}")
def test_viewers_only_look_and_never_at_secrets_or_into_pods(row: Kind) -> None:
    assert row.viewer in ("read", "")
    if row.resource == "secrets" or row.resource in ("pods/exec", "pods/attach", "pods/portforward"):
        assert row.viewer == ""


def test_nobody_of_a_team_puts_a_container_into_a_pod_that_runs() -> None:
    """Policies of pods don't look at this subresource: Kyverno derives no rule for it (docs/POLICIES.md)."""
    assert not {row.resource for row in KINDS} & {"pods/ephemeralcontainers", "pods/*", "*/ephemeralcontainers", "*/*"}


@pytest.mark.parametrize("resource", ["secrets", "pods/exec", "pods/attach", "pods/portforward"])
def test_staging_gives_nobody_another_team_s_secrets(resource: str) -> None:
    assert all(row.staging == "" for row in KINDS if row.resource == resource)


@pytest.mark.parametrize("resource", ["networkpolicies", "resourcequotas", "limitranges", "secretstores"])
def test_what_the_platform_decides_is_only_looked_at(resource: str) -> None:
    (row,) = (row for row in KINDS if row.resource == resource)
    assert {row.developer, row.staging, row.sandbox, row.viewer} == {"read"}
    assert not row.deployed


def test_no_rule_has_a_wildcard(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with()
    for role in ("developer", "viewer", "staging", "sandbox", "workflows-developer", "workflows-viewer", "executor"):
        for rule in rules(deployment, role):  # type: ignore[arg-type]
            assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]], role


def test_rows_of_a_component_that_is_off_are_left_out(deployment_with: Callable[..., Deployment]) -> None:
    deployment = deployment_with({"deployment:components": {"kyverno": {"enabled": True}}})
    groups = {rule["apiGroups"][0] for rule in rules(deployment, "developer")}
    assert not groups & {"argoproj.io", "external-secrets.io"}
    assert not {each["group"] for each in deployable(deployment)} & {"argoproj.io", "external-secrets.io"}


def test_every_bullet_of_the_seed_has_its_row_and_further_ones_say_why() -> None:
    found = {role: [right.bullet for right in TEAM_RIGHTS if right.role == role] for role in SEED}
    for role, bullets in SEED.items():
        assert [bullet for bullet in found[role] if not bullet.startswith("added: ")] == bullets
    assert all(right.source and right.what for right in TEAM_RIGHTS)


@pytest.mark.parametrize("role", ["developer", "viewer", "secrets"])
def test_statements_of_a_role_have_names_of_their_own(role: str, deployment_with: Callable[..., Deployment]) -> None:
    sids = [each.sid for each in rights_of(role, NAMING, deployment_with(), "alpha")]  # type: ignore[arg-type]
    assert len(sids) == len(set(sids))


def test_small_and_medium_are_the_architecture_document_s_teams() -> None:
    assert [(SIZES[name].cpu, SIZES[name].memory) for name in ("small", "medium")] == [("4", "8Gi"), ("8", "16Gi")]


def test_explicit_quotas_count_in_place_of_a_size() -> None:
    team = Team(name="a", quotas=Quotas(cpu="2", memory="3Gi"), members=("x",))
    assert team.resources == Quotas(cpu="2", memory="3Gi")


def test_a_quota_promises_twice_the_memory_and_no_way_around_the_load_balancer() -> None:
    found = hard(Quotas(cpu="500m", memory="1Gi", pods=7))
    assert found["limits.memory"] == "2048Mi"
    assert (found["pods"], found["services.loadbalancers"], found["services.nodeports"]) == ("7", "0", "0")


@pytest.mark.parametrize(
    ("quotas", "largest", "most"),
    [
        (Quotas(cpu="16", memory="32Gi"), Room(cpu=3650, mib=14000, pods=50), {"cpu": "3650m", "memory": "14000Mi"}),
        (Quotas(cpu="2", memory="1Gi"), Room(cpu=3650, mib=14000, pods=50), {"cpu": "2000m", "memory": "1024Mi"}),
        (Quotas(cpu="2", memory="1Gi"), None, {"cpu": "2000m", "memory": "1024Mi"}),
    ],
)
def test_a_container_is_no_larger_than_quota_and_node(quotas: Quotas, largest: Room | None, most: object) -> None:
    assert limit_range(quotas, largest)["max"] == most


def test_defaults_of_a_tiny_quota_fit_into_it() -> None:
    found = limit_range(Quotas(cpu="50m", memory="64Mi"), None)
    assert found["default"] == {"memory": "64Mi"}
    assert found["defaultRequest"] == {"cpu": "50m", "memory": "64Mi"}


def test_namespaces_of_the_platform_are_no_team_s_name() -> None:
    assert {namespace.name for namespace in NAMESPACES.values()} <= set(RESERVED)
    assert set(NAMESPACES) <= set(RESERVED)
    assert "platform" not in RESERVED


def test_the_access_page_is_current() -> None:
    assert access_page.PATH.read_text(encoding="utf-8") == access_page.text()
