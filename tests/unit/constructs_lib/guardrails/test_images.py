"""Where images are copies, none comes from outside: every component at once passes, and each breach is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load_one
from config.versions import CHARTS
from constructs_lib.components.copies import copies
from constructs_lib.components.registry import CATALOG
from constructs_lib.guardrails.images import MOVED, only_copies
from constructs_lib.synth import assets, documents, render

REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com"


@pytest.fixture(scope="module")
def copied(shipped_context: dict[str, Any]) -> Deployment:
    """Every component on, and all images copied."""
    on = {name: {"enabled": True} for name in ("crossplane", "falco", "velero")}
    changes = {
        "deployment:components": shipped_context["deployment:components"] | on,
        "deployment:shared:images": "copies",
    }
    return load_one(shipped_context | changes, source="test.json")


@pytest.fixture(scope="module")
def synthesized(copied: Deployment) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, str]]]:
    from stacks.layers import build

    files = render([copied], build)
    return documents(files), assets(files)


Synthesized = tuple[Mapping[str, Any], Mapping[str, Mapping[str, str]]]


def changed(synthesized: Synthesized, stack: str, file: str, old: str, new: str) -> list[tuple[str, str, str]]:
    """What the rule finds once ``old`` is ``new`` in a file beside the JSON."""
    stacks, files = synthesized
    text = files[stack][file]
    assert old in text
    return list(only_copies(stacks, {**files, stack: {**files[stack], file: text.replace(old, new)}}))


def test_every_component_and_chart_takes_its_images_from_copies(synthesized: Synthesized) -> None:
    assert list(only_copies(*synthesized)) == []


def test_every_chart_says_which_values_move_its_images() -> None:
    assert set(MOVED) == set(CHARTS)


def test_an_image_from_outside_is_found(synthesized: Synthesized) -> None:
    copy = f"{REGISTRY}/mirror/docker.io/velero/velero-plugin-for-aws"
    upstream = "docker.io/velero/velero-plugin-for-aws"
    found = changed(synthesized, "idp-platform-velero", "values/velero.yaml", copy, upstream)
    assert {(stack, address) for stack, address, _ in found} == {("idp-platform-velero", "helm_release.velero")}
    assert any(f"names {upstream}" in message for _, _, message in found)


def test_a_chart_that_is_left_to_its_own_default_is_found(synthesized: Synthesized) -> None:
    copy = f"{REGISTRY}/mirror/quay.io"
    found = changed(synthesized, "idp-platform-cert-manager", "values/cert-manager.yaml", copy, "")
    assert [address for _, address, _ in found] == ["helm_release.cert_manager"]
    assert "must be told by imageRegistry" in found[0][2]


def test_an_image_in_a_chart_of_ours_is_found(synthesized: Synthesized) -> None:
    stack, name = "idp-platform-argo-workflows", "charts/build-daemon/templates/daemons.yaml"
    stacks, files = synthesized
    assert any(path.startswith("charts/build-daemon/") for path in files[stack])
    broken = {**files[stack], name: "      image: quay.io/somebody/something:v1\n"}
    found = list(only_copies(stacks, {**files, stack: broken}))
    assert [address for _, address, _ in found] == ["helm_release.build_daemon"]


def test_a_deployment_without_copies_is_left_alone(shipped_context: dict[str, Any]) -> None:
    from stacks.layers import build

    files = render([load_one(shipped_context, source="test.json")], build)
    assert list(only_copies(documents(files), assets(files))) == []


def test_the_copy_job_knows_every_image_of_every_component(copied: Deployment) -> None:
    listed = {each.source: f"{REGISTRY}/{each.repository}:{each.tag}" for each in copies(copied)}
    assert {f"{image.upstream}:{image.tag}" for each in CATALOG.values() for image in each.images} <= set(listed)
    assert {"docker.io/moby/buildkit", "public.ecr.aws/karpenter/controller"} <= {
        source.rpartition(":")[0] for source in listed
    }
    assert listed["quay.io/argoproj/argocd:v3.4.4"] == f"{REGISTRY}/mirror/quay.io/argoproj/argocd:v3.4.4"
