"""Who may build where, and what the templates are told."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.addons.namespaces import BUILDS, PULL_REQUESTS, builds_images, platform_namespaces
from constructs_lib.naming import naming_of
from constructs_lib.workflows.daemons import DAEMONS, EXCEPTION_UNTIL, POOL, UNTRUSTED
from constructs_lib.workflows.settings import build_daemon, deployer_rules, template_settings, untrusted
from constructs_lib.workflows.traffic import build_policies, to_daemon

Build = Callable[..., Deployment]


@pytest.fixture
def without_certificates(deployment_with: Build, shipped_context: dict[str, object]) -> Deployment:
    components = dict(shipped_context["deployment:components"])  # type: ignore[call-overload]
    return deployment_with({"deployment:components": components | {"cert-manager": {"enabled": False}}})


def test_the_exception_has_not_ended() -> None:
    """By then the daemons do without it, or somebody decides anew (docs/adr/0017)."""
    assert datetime.date.fromisoformat(EXCEPTION_UNTIL) > datetime.date.today()


def test_the_exception_lasts_a_year_at_most() -> None:
    decided = datetime.date(2026, 11, 24)
    assert datetime.date.fromisoformat(EXCEPTION_UNTIL) <= decided.replace(year=decided.year + 1)


def test_no_namespace_is_a_client_of_two_daemons() -> None:
    for one, other in itertools.combinations(DAEMONS, 2):
        assert not set(one.clients) & set(other.clients)
        assert one.labels != other.labels


def test_what_strangers_build_is_kept_nowhere() -> None:
    assert (UNTRUSTED.clients, UNTRUSTED.cache) == ((PULL_REQUESTS.name,), "")


def test_the_daemons_run_on_nodes_of_their_own_where_user_namespaces_are_allowed(deployment_with: Build) -> None:
    deployment = deployment_with()
    values = build_daemon(deployment)
    pools = {pool.name: pool for pool in deployment.karpenter.pools}
    assert values["nodeSelector"] == {"platform/pool": POOL}
    assert pools[POOL].user_namespaces and pools[POOL].taints[0].effect == "NoSchedule"
    assert [name for name, pool in pools.items() if pool.user_namespaces] == [POOL]


def test_only_the_namespace_of_the_daemons_is_privileged_for_them(deployment_with: Build) -> None:
    levels = {each.name: each.pod_security for each in platform_namespaces(deployment_with())}
    assert (levels[BUILDS.name], levels[PULL_REQUESTS.name]) == ("privileged", "restricted")


def test_without_certificates_nothing_builds(without_certificates: Deployment) -> None:
    assert not builds_images(without_certificates)
    names = {each.name for each in platform_namespaces(without_certificates)}
    assert not {BUILDS.name, PULL_REQUESTS.name} & names
    assert (build_policies(without_certificates), to_daemon(without_certificates)) == ([], [])


def test_images_come_by_the_cache_where_there_is_one(deployment_with: Build) -> None:
    cached = template_settings(deployment_with(), naming_of(deployment_with()))["image.node"]
    assert cached.startswith("111122223333.dkr.ecr.us-west-2.amazonaws.com/ecr-public/docker/library/node:")
    direct = deployment_with({"deployment:shared:pullThroughCaches": []})
    assert template_settings(direct, naming_of(direct))["image.node"].startswith("public.ecr.aws/docker/library/node:")


def test_who_deploys_may_give_no_rights_and_read_no_secrets(deployment_with: Build) -> None:
    resources = {name for rule in deployer_rules(deployment_with()) for name in rule["resources"]}
    assert {"deployments", "services", "configmaps"} <= resources
    assert not {"*", "secrets", "roles", "rolebindings", "pods/exec", "workflows"} & resources


def test_sensors_start_checks_only_where_there_are_events(
    deployment_with: Build, shipped_context: dict[str, object]
) -> None:
    components = dict(shipped_context["deployment:components"])  # type: ignore[call-overload]
    del components["argo-events"]
    quiet = deployment_with({"deployment:components": components})
    assert untrusted(deployment_with())["sensorNamespace"] == "argo-events"
    assert untrusted(quiet)["sensor"] == ""
