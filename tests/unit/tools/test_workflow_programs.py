"""What steps of workflows do with a cluster, a registry and AWS, which a few lines of shell play; jq is real."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.tools.workflow_steps import DIGEST, FILES, OTHER, Step, source
from tools.programs import ROOT
from tools.workflow_files import scripts

PATH = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/alpha--shop--staging"


def wait(tmp_path: Path, application: dict[str, object], **given: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("jq") is None:
        pytest.skip("no jq on PATH")
    step = Step(tmp_path, source("argocd-sync"))
    (tmp_path / "application.json").write_text(json.dumps({"status": application}), encoding="utf-8")
    (tmp_path / "account").mkdir()
    (tmp_path / "account" / "token").write_text("not-a-real-one", encoding="utf-8")
    # Refuses whoever asks without the account's token, or for another application.
    asked = f'read -r line; case "$line $*" in *"Bearer not-a-real-one "*"{PATH}") cat {tmp_path}/application.json ;;'
    step.program("curl", f"{asked} *) exit 22 ;; esac")
    usual = {"NAMESPACE": "argocd", "APPLICATION": "alpha--shop--staging", "PAUSE": "1", "SECONDS_TO_WAIT": "0"}
    usual |= {"SERVER": "https://kubernetes.default.svc", "ACCOUNT": f"{tmp_path}/account"}
    return step.run(**usual | {"IMAGE": "", "ABSENT": "", "REVISION": ""} | given)


def application(digest: str, sync: str = "Synced", health: str = "Healthy") -> dict[str, object]:
    images = [f"r/team/alpha/shop@{digest}"]
    return {"summary": {"images": images}, "sync": {"status": sync, "revision": "c1"}, "health": {"status": health}}


@pytest.mark.parametrize(
    ("status", "given", "code"),
    [
        (application(DIGEST), {"IMAGE": f"team/alpha/shop@{DIGEST}"}, 0),
        (application(OTHER), {"IMAGE": f"team/alpha/shop@{DIGEST}"}, 1),
        (application(DIGEST, sync="OutOfSync"), {"IMAGE": f"team/alpha/shop@{DIGEST}"}, 1),
        (application(DIGEST, health="Progressing"), {"IMAGE": f"team/alpha/shop@{DIGEST}"}, 1),
        (application(OTHER), {"ABSENT": f"team/alpha/shop@{DIGEST}"}, 0),
        (application(DIGEST), {"ABSENT": f"team/alpha/shop@{DIGEST}"}, 1),
        (application(DIGEST), {"REVISION": "c1"}, 0),
        (application(DIGEST), {"REVISION": "c2"}, 1),
        ({}, {"IMAGE": f"team/alpha/shop@{DIGEST}"}, 1),
    ],
)
def test_the_wait_ends_when_what_was_asked_for_runs_and_is_healthy(
    tmp_path: Path, status: dict[str, object], given: dict[str, str], code: int
) -> None:
    assert wait(tmp_path, status, **given).returncode == code


def test_a_degraded_application_ends_the_wait_at_once(tmp_path: Path) -> None:
    asked = {"IMAGE": f"team/alpha/shop@{DIGEST}", "SECONDS_TO_WAIT": "600"}
    finished = wait(tmp_path, application(DIGEST, health="Degraded"), **asked)
    assert (finished.returncode, "is degraded" in finished.stderr) == (1, True)


def publish(tmp_path: Path, *, signed: bool, tagged: str, tag: str = "t") -> list[str]:
    """What is called; ``tagged`` is the digest that the registry has by the tag."""
    step = Step(tmp_path, source("image-publish"))
    calls = tmp_path / "calls"
    step.program("tar", "true")
    answer = f"echo {tagged}" if tagged else "exit 1"
    step.program("crane", f'echo "crane $1 $2 $3" >> {calls}; if [ "$1" = digest ]; then {answer}; fi')
    checks = "0" if signed else "1"
    step.program("cosign", f'echo "cosign $1" >> {calls}; case "$1" in verify*) exit {checks} ;; esac')
    given = {"REGISTRY": "r", "IMAGE": "i", "TAG": tag, "DIGEST": DIGEST, "KEY": "k"}
    finished = step.run(**given, DOCKER_CONFIG=f"{tmp_path}/docker")
    assert finished.returncode == 0, finished.stderr
    return [" ".join(line.split()[:2]) for line in calls.read_text(encoding="utf-8").splitlines()]


def test_an_image_is_tagged_after_it_was_signed(tmp_path: Path) -> None:
    calls = publish(tmp_path, signed=False, tagged="")
    assert calls.index("crane push") < calls.index("cosign sign") < calls.index("cosign attest")
    assert calls[-1] == "crane tag"


def test_what_is_published_already_is_neither_signed_nor_tagged_again(tmp_path: Path) -> None:
    calls = publish(tmp_path, signed=True, tagged=DIGEST)
    assert not {"cosign sign", "cosign attest", "crane tag"} & set(calls)


def test_a_preview_s_image_that_is_there_stays_and_is_no_failure(tmp_path: Path) -> None:
    """Its commit is built again when the label is put on again: another digest, and tags can't move."""
    assert publish(tmp_path, signed=False, tagged=OTHER, tag=f"pr-{'c' * 40}") == ["crane digest"]


def test_a_preview_s_image_that_is_not_there_is_signed_and_tagged(tmp_path: Path) -> None:
    calls = publish(tmp_path, signed=False, tagged="", tag=f"pr-{'c' * 40}")
    assert calls.index("crane push") < calls.index("cosign sign") < calls.index("cosign attest")
    assert calls[-1] == "crane tag"


def techdocs(tmp_path: Path, entity: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """How the step ends, and what it asked AWS for."""
    _, publish = (text for _, text in scripts(FILES["techdocs-publish"]))
    step = Step(tmp_path, publish)
    calls = tmp_path / "calls"
    calls.touch()
    step.program("aws", f'echo "$*" >> {calls}')
    return step.run(BUCKET="docs", ENTITY=entity), calls.read_text(encoding="utf-8").strip()


def test_pages_go_where_backstage_looks_and_stale_ones_go_away(tmp_path: Path) -> None:
    finished, asked = techdocs(tmp_path, "default/Component/Shop")
    assert finished.returncode == 0, finished.stderr
    assert asked.startswith("s3 sync --delete") and asked.endswith("s3://docs/default/component/shop")


@pytest.mark.parametrize(
    "entity", ["", "default", "default/component", "catalog/teams/alpha", "a/../b", "a//b", "a/b/c/d"]
)
def test_documentation_of_no_entity_is_refused(tmp_path: Path, entity: str) -> None:
    finished, asked = techdocs(tmp_path, entity)
    assert (finished.returncode, asked) == (2, "")


PLAIN = """site_name: Shop
docs_dir: docs
nav:
  - Shop: index.md
plugins:
  - techdocs-core
"""
METADATA = """echo '{"site_name": "Shop"}' > techdocs_metadata.json"""


def built(tmp_path: Path, mkdocs: str, said: str = PLAIN) -> subprocess.CompletedProcess[str]:
    """How the step ends that builds what ``said`` says, by ``mkdocs`` in place of the program; empty for no pages."""
    build, _ = (text for _, text in scripts(FILES["techdocs-publish"]))
    step = Step(tmp_path, build)
    step.program("mkdocs", f"touch {tmp_path}/ran; cd {tmp_path}/work/site; {mkdocs}")
    # The image's has a YAML parser.
    step.program("python3", f'exec {sys.executable} "$@"')
    source = tmp_path / "work" / "source"
    (source / "docs").mkdir(parents=True, exist_ok=True)
    (source / "docs" / "index.md").write_text("# Shop\n", encoding="utf-8")
    if mkdocs:
        (source / "mkdocs.yml").write_text(said, encoding="utf-8")
    return step.run(DIRECTORY=".")


def test_a_repository_without_documentation_publishes_nothing(tmp_path: Path) -> None:
    finished = built(tmp_path, "")
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "work" / "found").read_text(encoding="utf-8") == "false"
    publish = FILES["techdocs-publish"].templates["techdocs-publish"].tasks()["publish"]
    assert publish["when"] == "{{=tasks.build.outputs.parameters.found == 'true'}}"


def test_the_time_of_the_build_is_added_to_what_backstage_asks_for_first(tmp_path: Path) -> None:
    finished = built(tmp_path, METADATA)
    assert finished.returncode == 0, finished.stderr
    metadata = json.loads((tmp_path / "work" / "site" / "techdocs_metadata.json").read_text(encoding="utf-8"))
    assert (tmp_path / "work" / "found").read_text(encoding="utf-8") == "true"
    assert metadata["site_name"] == "Shop" and metadata["build_timestamp"] > 10**12


def test_pages_without_the_plugin_are_refused(tmp_path: Path) -> None:
    finished = built(tmp_path, "echo page > index.html")
    assert (finished.returncode, "techdocs-core" in finished.stderr) == (2, True)


def test_documentation_of_the_golden_path_is_built(tmp_path: Path) -> None:
    skeleton = (ROOT / "golden-path" / "skeleton" / "mkdocs.yml").read_text(encoding="utf-8")
    finished = built(tmp_path, METADATA, skeleton.replace("${{ values.name }}", "shop"))
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("hooks: [run.py]", "only keys"),
        ("theme: {name: material, custom_dir: theme}", "only keys"),
        ("INHERIT: ../../etc/other.yml", "only keys"),
        ("plugins: [techdocs-core, monorepo]", "plugins: only techdocs-core"),
        ("plugins: [{techdocs-core: {use_material_search: true}}]", "plugins: only techdocs-core"),
        ("markdown_extensions: [run:Extension]", "markdown_extensions: only"),
        ("markdown_extensions: [{pymdownx.snippets: {restrict_base_path: false}}]", "markdown_extensions: only"),
        ("markdown_extensions: {toc: {permalink: true}}", "markdown_extensions: only"),
        ("copyright: !!python/name:os.system", "no plain YAML"),
        ("copyright: !ENV [AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE]", "no plain YAML"),
        ("docs_dir: /etc", "docs_dir"),
        ("docs_dir: ../..", "docs_dir"),
    ],
)
def test_documentation_that_brings_code_or_reads_elsewhere_is_refused(tmp_path: Path, more: str, problem: str) -> None:
    finished = built(tmp_path, METADATA, PLAIN + more + "\n")
    assert finished.returncode == 1 and problem in finished.stderr
    assert not (tmp_path / "ran").exists()


def test_a_link_among_the_pages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "work" / "source" / "docs").mkdir(parents=True)
    (tmp_path / "work" / "source" / "docs" / "token.md").symlink_to("/etc/hostname")
    finished = built(tmp_path, METADATA)
    assert finished.returncode == 1 and "without links" in finished.stderr
