"""platform-backstage: image, database, sign-in, catalog, and what the configuration expects of the image."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from config.versions import MINORS
from constructs_lib.components.catalog.backstage import BACKSTAGE
from constructs_lib.components.catalog.backstage_plugins import PLUGINS, missing, unread
from constructs_lib.components.registry import enabled
from constructs_lib.components.template import rendered
from constructs_lib.naming import Naming
from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-backstage"
ROOT = Path(__file__).resolve().parent.parent.parent.parent
NAMING = Naming(deployment="idp", organization="example-org", account="111122223333", region="us-west-2")
DIGEST = "sha256:" + "0" * 64
Values = Mapping[str, Any]


@pytest.fixture(scope="module")
def backstage(shipped: Synth) -> Values:
    found: Values = release(shipped, STACK, "backstage").values["backstage"]
    return found


def test_its_image_is_ours_by_the_deployments_version(backstage: Values) -> None:
    image = backstage["image"]
    assert image["registry"] == "111122223333.dkr.ecr.us-west-2.amazonaws.com"
    assert (image["repository"], image["tag"], image["digest"]) == ("platform/backstage", "v1", "")


def test_a_chosen_image_is_taken_by_its_digest(
    deployment_with: Callable[..., Deployment], shipped_context: dict[str, Any]
) -> None:
    components = shipped_context["deployment:components"]
    own = components["backstage"] | {"image": f"registry.example.com/portal/backstage@{DIGEST}"}
    deployment = deployment_with({"deployment:components": components | {"backstage": own}})
    image = yaml.safe_load(rendered(BACKSTAGE, "backstage", deployment, NAMING))["backstage"]["image"]
    assert (image["registry"], image["repository"]) == ("registry.example.com", "portal/backstage")
    assert image["digest"] == DIGEST


def test_every_variable_of_the_configuration_comes_from_a_secret(shipped: Synth, backstage: Values) -> None:
    secrets = release(shipped, STACK, "backstage-base").values["externalSecrets"]
    given = {key for each in secrets if each["name"] in backstage["extraEnvVarsSecrets"] for key in each["keys"]}
    used = set(re.findall(r"\$\{(\w+)\}", yaml.safe_dump(backstage["appConfig"])))
    assert used == given


def test_plugins_have_schemas_and_make_no_databases(backstage: Values) -> None:
    database = backstage["appConfig"]["backend"]["database"]
    assert (database["pluginDivisionMode"], database["ensureExists"]) == ("schema", False)
    assert database["ensureSchemaExists"] is True


def test_the_databases_certificate_is_checked_by_roots_that_are_mounted(shipped: Synth, backstage: Values) -> None:
    (made,) = release(shipped, STACK, "backstage-base").values["configMaps"]
    ssl = backstage["appConfig"]["backend"]["database"]["connection"]["ssl"]
    paths = {each["name"]: each["mountPath"] for each in backstage["extraVolumeMounts"]}
    assert ssl["rejectUnauthorized"] is True
    assert ssl["ca"]["$file"] in {f"{paths[made['name']]}/{file}" for file in made["data"]}


def test_techdocs_are_read_and_never_built(backstage: Values) -> None:
    techdocs = backstage["appConfig"]["techdocs"]
    assert techdocs["builder"] == "external"
    assert techdocs["publisher"]["awsS3"]["bucketName"] == "idp-techdocs-example-org-111122223333-us-west-2"


def test_people_come_from_the_platform_alone(backstage: Values) -> None:
    catalog = backstage["appConfig"]["catalog"]
    anywhere = {kind for rule in catalog["rules"] if "locations" not in rule for kind in rule["allow"]}
    assert not anywhere & {"User", "Group"}
    (rule,) = (rule for rule in catalog["rules"] if "User" in rule["allow"])
    provider = catalog["providers"]["awsS3"]["teams"]
    assert rule["locations"][0]["pattern"].startswith(f"https://{provider['bucketName']}.s3.")
    assert rule["locations"][0]["pattern"].endswith(f"/{provider['prefix']}**")


def test_the_catalog_holds_every_component_that_is_on(
    shipped: Synth, deployment_with: Callable[..., Deployment]
) -> None:
    text = release(shipped, STACK, "backstage-platform").values["entities"]
    entities = list(yaml.safe_load_all(text))
    assert {each["metadata"]["name"] for each in entities if each["kind"] == "Component"} == set(
        enabled(deployment_with())
    )
    assert {each["spec"]["owner"] for each in entities} == {"group:default/platform"}


def test_an_admin_team_that_is_no_team_of_the_platform_is_a_group_of_the_catalog(
    deployment_with: Callable[..., Deployment],
) -> None:
    deployment = deployment_with({"deployment:teams": None})
    text = yaml.safe_load(rendered(BACKSTAGE, "backstage-platform", deployment, NAMING))["entities"]
    groups = [each["metadata"]["name"] for each in yaml.safe_load_all(text) if each["kind"] == "Group"]
    assert groups == [deployment.github.admin_team]


def test_what_it_shows_of_argo_it_may_read(shipped: Synth, backstage: Values) -> None:
    shown = {each["plural"] for each in backstage["appConfig"]["kubernetes"]["customResources"]}
    manifests = release(shipped, STACK, "backstage-platform").manifests(next(iter(MINORS)))
    (role,) = (each for each in manifests if each["kind"] == "ClusterRole")
    (rule,) = (rule for rule in role["rules"] if rule["apiGroups"] == ["argoproj.io"])
    assert set(rule["resources"]) == shown
    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert not any("secrets" in rule["resources"] for rule in role["rules"])


def test_every_part_of_the_configuration_has_a_plugin_that_reads_it(backstage: Values) -> None:
    assert list(unread(backstage["appConfig"])) == []
    assert list(unread(dict(backstage["appConfig"]) | {"proxy": {"endpoints": {}}})) == ["proxy"]


def test_the_page_lists_the_packages_that_are_expected() -> None:
    page = (ROOT / "docs" / "BACKSTAGE.md").read_text(encoding="utf-8")
    for path, plugin in PLUGINS.items():
        (line,) = (line for line in page.splitlines() if line.startswith(f"| `{path}` |"))
        assert all(f"`{name}`" in line for name in (*plugin.backend, *plugin.frontend)), path


def test_a_package_that_an_image_lacks_is_named() -> None:
    backend = {name for plugin in PLUGINS.values() for name in plugin.backend}
    frontend = {name for plugin in PLUGINS.values() for name in plugin.frontend}
    assert missing(backend, frontend) == []
    assert missing(backend - {"pg"}, frontend) == ["backend: pg"]
