"""Crossplane's packages, and who may call whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.components.catalog.crossplane import CROSSPLANE, PROVIDERS
from constructs_lib.components.images import located
from constructs_lib.components.pods import placed
from constructs_lib.naming import Naming

Build = Callable[..., Deployment]
NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")


def test_a_package_is_found_where_its_copy_is(deployment_with: Build) -> None:
    deployment = deployment_with()
    context = CROSSPLANE.context(deployment, NAMING)
    images = {image.name: located(deployment, image).reference for image in CROSSPLANE.images}
    for each in context["packages"]:
        rewritten = each["package"].replace(context["upstream"], context["registry_prefix"], 1)
        assert rewritten == images[each["name"]]


def test_the_registry_may_be_another_deployments(deployment_with: Build) -> None:
    keys = {"owner": False, "zoneId": "Z0123456789EXAMPLE", "registryAccount": "444455556666"}
    shared = deployment_with({f"deployment:shared:{key}": value for key, value in keys.items()})
    prefix = CROSSPLANE.context(shared, NAMING)["registry_prefix"]
    assert prefix == "444455556666.dkr.ecr.us-west-2.amazonaws.com/platform/"


def test_each_provider_calls_its_own_service_alone() -> None:
    for name, calls in PROVIDERS.items():
        services = {service for flow in calls for service in flow.services}
        assert services == ({"sts", name.rpartition("-")[2]} if calls else set())


@pytest.mark.parametrize(("profile", "replicas"), [("seed-cost", 1), ("ha", 2), ("large", 2)])
def test_controllers_are_there_twice_and_providers_once(deployment_with: Build, profile: str, replicas: int) -> None:
    deployment = deployment_with({"deployment:sizing": profile})
    found = {row.name: placed(row, deployment).replicas for row in CROSSPLANE.pods if row.kind != "Job"}
    assert found == {"crossplane": replicas, "rbac-manager": replicas} | dict.fromkeys(PROVIDERS, 1)
