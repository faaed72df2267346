"""Everything that is locked or pinned anywhere is on the bill of materials, which follows CycloneDX's schema."""

from __future__ import annotations

import base64
import datetime
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from config.versions import ADDONS, ATLANTIS, BOTTLEROCKET, CI_TOOLS, IMAGES, PNPM, TOOLS, WORKFLOW_IMAGES
from idp.errors import OperationError
from tools.sbom import __main__ as sbom
from tools.sbom import platform

ROOT = Path(__file__).resolve().parents[4]
WHEN = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
DIGEST = f"sha256:{'ab' * 32}"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The bill of materials, validated on the way."""
    found: dict[str, Any] = json.loads(sbom.document(WHEN))
    return found


@pytest.fixture(scope="module")
def listed(made: dict[str, Any]) -> dict[str, Any]:
    """Purl → component."""
    return {unquote(each["purl"]): each for each in made["components"]}


def golden(kind: str) -> list[Any]:
    """Every value of key ``kind`` anywhere in the reviewed JSON."""

    def walk(node: Any) -> list[Any]:
        if isinstance(node, dict):
            return [*([node[kind]] if kind in node else []), *(x for each in node.values() for x in walk(each))]
        return [x for each in node for x in walk(each)] if isinstance(node, list) else []

    return [x for path in (ROOT / "tests/golden").rglob("*.json") for x in walk(json.loads(path.read_text()))]


def test_every_line_of_every_lock_of_python_packages_is_there_with_its_hashes(listed: dict[str, Any]) -> None:
    locks = [*ROOT.glob("requirements*.lock"), *ROOT.glob("images/*/requirements.lock")]
    count = 0
    for lock in locks:
        for block in re.split(r"\n(?=\w)", lock.read_text(encoding="utf-8").strip()):
            name, version = re.match(r"([^=\s]+)==(\S+)", block).groups()  # type: ignore[union-attr]
            found = listed[f"pkg:pypi/{name.lower()}@{version}"]
            hashes = {each["content"] for each in found["hashes"]}
            assert set(re.findall(r"sha256:([0-9a-f]{64})", block)) <= hashes and hashes
            assert str(lock.relative_to(ROOT)) in {each["value"] for each in found["properties"]}
            count += 1
    assert count > 300


def test_every_package_of_npm_is_there_with_its_hash(listed: dict[str, Any]) -> None:
    count = 0
    for lock in ROOT.glob("tools/*/package-lock.json"):
        for place, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
            if place:
                # An alias has the name of what it stands for beside its place.
                name = package.get("name", place.split("node_modules/")[-1])
                found = listed[f"pkg:npm/{name}@{package['version']}"]
                if "integrity" in package:
                    value = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
                    assert value in {each["content"] for each in found["hashes"]}
                count += 1
    assert count > 500


def test_every_version_of_the_versions_file_is_there(listed: dict[str, Any]) -> None:
    versions = {purl.split("?")[0].rpartition("@")[2].lstrip("v") for purl in listed}
    wanted = {*TOOLS.values(), *CI_TOOLS.values(), ATLANTIS, BOTTLEROCKET, PNPM}
    # Prometheus is published to Go under another number.
    assert wanted - versions == {TOOLS["prometheus"]}
    for name, minors in ADDONS.items():
        assert all(f"pkg:generic/eks-addon/{name}@{version}" in listed for version in minors.values())
    for image in (*IMAGES.values(), *WORKFLOW_IMAGES.values()):
        assert f"repository_url={image.registry}/{image.repository}&tag={image.tag}" in "\n".join(listed)


def test_every_module_of_go_is_there_with_its_checksum(listed: dict[str, Any]) -> None:
    for line in (ROOT / "tools" / "go.sum").read_text(encoding="utf-8").splitlines():
        module, version, checksum = line.split()
        assert checksum in {each["value"] for each in listed[f"pkg:golang/{module}@{version}"]["properties"]}


def test_every_chart_and_provider_of_the_reviewed_json_is_there(listed: dict[str, Any]) -> None:
    releases = [each for named in golden("helm_release") for each in named.values()]
    charts = {(each["chart"], each["version"], each["repository"]) for each in releases if "repository" in each}
    assert len(charts) > 10
    assert {f"pkg:helm/{name}@{version}?repository_url={place}" for name, version, place in charts} <= set(listed)
    needed = [named for named in golden("required_providers") if isinstance(named, dict)]
    providers = {(each["source"], each["version"]) for named in needed for each in named.values()}
    assert len(providers) == 3
    for source, versions in providers:
        assert {"name": "idp:versions", "value": versions} in listed[f"pkg:terraform/{source}"]["properties"]


def test_our_own_charts_and_images_and_every_action_are_there(listed: dict[str, Any]) -> None:
    sources = {each["value"] for found in listed.values() for each in found["properties"]}
    for path in (*ROOT.glob("charts/*/Chart.yaml"), *ROOT.glob("images/*/Containerfile")):
        assert str(path.relative_to(ROOT)) in sources
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for action in re.findall(r"uses: (\w[\w./-]+@\w{40})", path.read_text(encoding="utf-8")):
            assert f"pkg:github/{action}" in listed


def test_what_runs_is_told_from_what_tests(listed: dict[str, Any]) -> None:
    scopes = {purl.split("@")[0]: each["scope"] for purl, each in listed.items()}
    runs = ("pkg:pypi/jinja2", "pkg:golang/github.com/opentofu/opentofu", "pkg:terraform/hashicorp/aws")
    assert {scopes[name] for name in runs} == {"required"}
    assert {scopes[name] for name in ("pkg:pypi/pytest", "pkg:golang/k8s.io/kubernetes")} == {"excluded"}


def test_an_image_has_the_digest_that_was_reviewed_and_else_says_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reference = "quay.io/argoproj/argo-rollouts:v1.9.0"
    monkeypatch.setattr(platform, "recorded", lambda: {reference: DIGEST})
    items = {item.purl.name: item for item in platform.images()}
    assert items["argo-rollouts"].purl.version == DIGEST and items["argo-rollouts"].hashes == {DIGEST}
    assert items["argocd"].purl.version is None and items["argocd"].notes == {"idp:digest": "not recorded"}
    assert items["argo-rollouts"].component().hashes[0].content == "ab" * 32


def test_the_same_sources_make_the_same_bytes(made: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(WHEN.timestamp())))
    assert sbom.date() == WHEN
    assert made["metadata"]["timestamp"] == WHEN.isoformat()
    references = [each["bom-ref"] for each in made["components"]]
    for each in made["components"]:
        for values in (each["properties"], each.get("hashes", [])):
            assert values == sorted(values, key=lambda value: list(value.values()))
    assert len(made["dependencies"]) == len(references) + 1


def test_a_document_that_breaks_the_schema_is_refused(made: dict[str, Any]) -> None:
    few = {**made, "components": made["components"][:2], "dependencies": made["dependencies"][:2]}
    sbom.validate(few)
    with pytest.raises(OperationError, match="isn't CycloneDX"):
        sbom.validate({**few, "components": [{**few["components"][0], "scope": "sometimes"}]})
    with pytest.raises(OperationError, match="one reference"):
        sbom.validate({**few, "components": [few["components"][0]] * 2})


def test_without_a_date_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    with pytest.raises(OperationError, match="SOURCE_DATE_EPOCH"):
        sbom.date(tmp_path)
