"""platform-database-bootstrap: places on the database before those who use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.addons.namespaces import platform_namespaces
from constructs_lib.components.registry import CATALOG
from constructs_lib.data.database_bootstrap import job_image
from constructs_lib.data.databases_table import TABLE
from constructs_lib.engine import App
from stacks.layers import build
from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-database-bootstrap"


def test_the_job_has_its_role_before_its_pod(shipped: Synth) -> None:
    stack = shipped.stack(STACK)
    association = stack.resource("aws_eks_pod_identity_association.database_bootstrap")
    assert (association["namespace"], association["service_account"]) == ("database-bootstrap", "database-bootstrap")
    assert association["role_arn"].endswith('outputs.workload_role_arns["database-bootstrap-sa"]}')
    assert stack.resource("helm_release.database_bootstrap")["depends_on"] == [
        "aws_eks_pod_identity_association.database_bootstrap"
    ]


def test_endpoint_and_master_secret_come_from_the_stack_that_makes_them(shipped: Synth) -> None:
    values = shipped.stack(STACK).resource("helm_release.database_bootstrap")["values"]
    assert "foundation_data.outputs.database_endpoint" in values[1]
    assert "foundation_data.outputs.database_master_secret_arn" in values[1]


def test_its_image_is_ours_by_the_deployments_version(shipped: Synth) -> None:
    image = release(shipped, STACK, "database-bootstrap").values["image"]
    assert image == "111122223333.dkr.ecr.us-west-2.amazonaws.com/platform/database-bootstrap:v1"


def test_a_chosen_image_is_taken_by_its_digest(deployment_with: Callable[..., Deployment]) -> None:
    chosen = "registry.example.com/platform/database-bootstrap@sha256:" + "0" * 64
    assert job_image(deployment_with({"deployment:aurora:bootstrapImage": chosen})) == chosen


@pytest.mark.parametrize("component", sorted({row.component for row in TABLE} & set(CATALOG)))
def test_a_component_with_a_database_comes_after_it(shipped: Synth, component: str) -> None:
    reads = shipped.stack(f"idp-platform-{component}").document["data"]["terraform_remote_state"]
    assert reads["platform_database_bootstrap"]["config"]["key"] == STACK


def test_a_component_without_one_does_not_wait(shipped: Synth) -> None:
    reads = shipped.stack("idp-platform-reloader").document["data"]["terraform_remote_state"]
    assert "platform_database_bootstrap" not in reads


def test_without_databases_there_is_neither_stack_nor_namespace(
    deployment_with: Callable[..., Deployment], shipped: Synth
) -> None:
    deployment = deployment_with({"deployment:components": {"kyverno": {"enabled": True}}})
    assert STACK not in {stack.full_name for stack in build(App(), deployment)}
    assert "database-bootstrap" not in {each.name for each in platform_namespaces(deployment)}
    namespaces = shipped.values("idp-cluster-addons", "cluster-base")["namespaces"]
    assert {"name": "database-bootstrap", "podSecurity": "restricted"} in namespaces
