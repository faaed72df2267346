"""What the templates promise: nothing of a stranger's code is trusted, and nothing unsigned has a tag."""

from __future__ import annotations

from tools.workflow_files import DIRECTORY, load
from tools.workflow_templates import shipped_settings

FILES = load(DIRECTORY, shipped_settings())
STRANGER = FILES["pull-request"]


def test_a_strangers_workflow_runs_as_the_account_without_rights_alone() -> None:
    accounts = {template.node["serviceAccountName"] for template in STRANGER.templates.values()}
    assert accounts | {STRANGER.node["spec"]["serviceAccountName"]} == {"pull-request"}


def test_a_strangers_workflow_uses_no_template_of_others_and_keeps_nothing() -> None:
    for template in STRANGER.templates.values():
        assert not template.tasks()
        assert not template.declared("inputs", "artifacts") and not template.declared("outputs", "artifacts")
    assert STRANGER.node["spec"]["archiveLogs"] is False


def test_a_strangers_code_sees_no_secret() -> None:
    (template,) = STRANGER.templates.values()
    secrets = {each["name"]: each["secret"]["secretName"] for each in template.node["volumes"] if "secret" in each}
    assert set(secrets.values()) == {"buildkit-client"}
    seen = {each["name"]: {mount["name"] for mount in each.get("volumeMounts", ())} for each in template.containers()}
    assert {name for name, mounts in seen.items() if mounts & set(secrets)} == {"main"}
    (test,) = (each for each in template.containers() if each["name"] == "test")
    assert "volumeMounts" not in test


def test_a_strangers_image_is_built_by_the_daemon_of_strangers_and_comes_out_nowhere() -> None:
    (template,) = STRANGER.templates.values()
    (build,) = (each for each in template.containers() if each["name"] == "main")
    environment = {each["name"]: each["value"] for each in build["env"]}
    assert environment["BUILDER"] == shipped_settings()["builder.untrusted"]
    assert "--output" not in str(build["args"][0])


def test_an_image_is_scanned_and_listed_before_it_is_published() -> None:
    tasks = FILES["ci"].templates["ci"].tasks()
    order = ["build", "test", "image", "scan", "sbom", "publish"]
    assert list(tasks) == order
    assert [tasks[name].get("depends") for name in ("scan", "sbom", "publish")] == [
        "image.Succeeded",
        "scan.Succeeded",
        "sbom.Succeeded",
    ]


def test_what_fails_in_a_place_is_taken_back_and_is_no_success() -> None:
    tasks = FILES["cd"].templates["place"].tasks()
    assert {"sync.Failed", "test.Failed"} <= set(tasks["rollback"]["depends"].split(" || "))
    assert tasks["refuse"]["depends"] == "restored.Succeeded || rollback.Skipped"


def test_only_the_publisher_of_documentation_writes_it_and_builds_as_another() -> None:
    templates = FILES["techdocs-publish"].templates
    accounts = {name: each.node.get("serviceAccountName") for name, each in templates.items() if each.makes_pods}
    assert accounts == {"build": "workflows-builder", "publish": "techdocs-publisher"}


def test_only_the_step_that_publishes_may_push_and_sign() -> None:
    by_account: dict[str, set[str]] = {}
    for file in FILES.values():
        for template in file.templates.values():
            if template.makes_pods:
                by_account.setdefault(template.node["serviceAccountName"], set()).add(template.name)
    assert by_account["argo-workflows-executor"] == {"image-publish"}
    assert by_account["workflows-reader"] == {"docker-kaniko", "image-lookup"}
    assert {"java-maven", "node-pnpm", "integration", "build"} <= by_account["workflows-builder"]
