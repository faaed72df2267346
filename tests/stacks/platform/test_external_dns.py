"""platform-external-dns: one zone, one owner, nothing deleted unless asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from constructs_lib.components.catalog.external_dns import EXTERNAL_DNS
from constructs_lib.components.template import rendered
from constructs_lib.naming import Naming
from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-external-dns"
NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")


@pytest.fixture(scope="module")
def chart(shipped: Synth) -> Mapping[str, Any]:
    return release(shipped, STACK, "external-dns").values


def test_it_looks_at_the_platforms_zone_only(shipped: Synth, chart: Mapping[str, Any]) -> None:
    assert chart["domainFilters"] == ["example.com"]
    assert chart["extraArgs"] == {"zone-id-filter": "Z0123456789EXAMPLE"}
    assert (
        "foundation_shared.outputs.zone_id" in shipped.stack(STACK).resource("helm_release.external_dns")["values"][1]
    )


def test_its_records_name_the_cluster_as_their_owner(chart: Mapping[str, Any]) -> None:
    assert (chart["registry"], chart["txtOwnerId"]) == ("txt", "idp-platform")


def test_the_owners_record_of_the_zones_own_name_lies_in_the_zone(chart: Mapping[str, Any]) -> None:
    name = chart["txtPrefix"].replace("%{record_type}", "a") + "example.com"
    assert name == "a-idp-platform.example.com"


def test_it_makes_only_types_that_its_role_may_change(shipped: Synth, chart: Mapping[str, Any]) -> None:
    statements = shipped.stack("idp-foundation-iam").statements("external_dns_sa")
    (statement,) = (each for each in statements if each["sid"] == "ChangeRecords")
    (condition,) = statement["condition"]
    assert set(condition["values"]) == {*chart["managedRecordTypes"], "TXT"}


@pytest.mark.parametrize(("settings", "policy"), [({}, "upsert-only"), ({"policy": "sync"}, "sync")])
def test_records_are_deleted_only_when_the_file_says_so(
    deployment_with: Callable[..., Deployment],
    shipped_context: dict[str, Any],
    settings: dict[str, str],
    policy: str,
) -> None:
    components = shipped_context["deployment:components"] | {"external-dns": {"enabled": True, **settings}}
    deployment = deployment_with({"deployment:components": components})
    values = yaml.safe_load(rendered(EXTERNAL_DNS, "external-dns", deployment, NAMING))
    assert values["policy"] == policy
