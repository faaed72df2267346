"""Tests of the page's text: what it holds, that nothing breaks out of its place, and that it can be read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from config.deployment import Deployment
from config.loader import load
from constructs_lib.cost.prices import NODES
from constructs_lib.synth import write
from idp.review.cost import cost
from idp.review.page import page, policy
from idp.review.review import review
from idp.review_cli import PLACE
from tests.synth import Synth
from tests.unit.idp.review.output import Html, write_stack

ROOT = Path(__file__).resolve().parents[4]
TEMPLATES = ROOT / "idp" / "review" / "templates"
HOSTILE = "</pre></script><script>document.title = 'broken'</script><img src=x onerror=alert(1)>\"'&amp; {{ 7 * 7 }}"
Build = Callable[..., Deployment]


@pytest.fixture(scope="module", params=["idp", "idp-pci"])
def shipped_page(shipped: Synth, request: pytest.FixtureRequest) -> tuple[Path, Deployment, Html]:
    """The output, a deployment of it, and its page."""
    (deployment,) = (each for each in load(ROOT / "cdktf.json") if each.id == request.param)
    return shipped.directory, deployment, Html(page(review(deployment, shipped.directory)))


def test_every_resource_is_there_with_its_json(shipped_page: tuple[Path, Deployment, Html]) -> None:
    out, deployment, html = shipped_page
    stacks = [each for each in json.loads((out / "manifest.json").read_text())["stacks"] if _is_of(each, deployment.id)]
    assert len(stacks) > 15
    for stack in stacks:
        document = json.loads((out / "stacks" / stack / "cdk.tf.json").read_text())
        for kind, named in document["resource"].items():
            for name, block in named.items():
                assert json.loads(html.sources[f"{stack}/{kind}.{name}"]) == block
        for values in (out / "stacks" / stack / "values").glob("*.yaml"):
            assert html.sources[f"{stack}/values/{values.name}"] == values.read_text().removesuffix("\n")


def _is_of(stack: str, deployment: str) -> bool:
    return stack.startswith(f"{deployment}-") and (deployment != "idp" or not stack.startswith("idp-pci-"))


def test_each_requirement_of_a_resource_is_a_link_to_it_and_back(shipped_page: tuple[Path, Deployment, Html]) -> None:
    out, deployment, html = shipped_page
    trail = json.loads((out / "stacks" / f"{deployment.id}-foundation-vpc" / "cdk.tf.json").read_text())
    address, block = next((f"aws_flow_log.{name}", block) for name, block in trail["resource"]["aws_flow_log"].items())
    links = {attributes["href"] for attributes in html.with_tag("a")}
    assert block["//"]["controls"]
    assert f"#{deployment.id}-foundation-vpc/{address}" in links
    assert {f"#requirement/{each}" for each in block["//"]["controls"]} <= links


def test_links_lead_to_ids_and_an_id_is_there_once(shipped_page: tuple[Path, Deployment, Html]) -> None:
    html = shipped_page[2]
    assert len(html.ids) == len(set(html.ids))
    targets = {unquote(attributes["href"]) for attributes in html.with_tag("a")}
    assert {target for target in targets if not target.startswith("#")} == set()
    assert {target[1:] for target in targets} - set(html.ids) == set()


def test_headings_skip_no_level_and_each_control_has_a_label(shipped_page: tuple[Path, Deployment, Html]) -> None:
    html = shipped_page[2]
    levels = [int(tag[1]) for tag, _ in html.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    labelled = {attributes["for"] for attributes in html.with_tag("label")}
    assert labelled == {attributes["id"] for tag in ("input", "select") for attributes in html.with_tag(tag)}


def test_the_page_loads_nothing(shipped_page: tuple[Path, Deployment, Html]) -> None:
    html = shipped_page[2]
    (declared,) = (each["content"] for each in html.with_tag("meta") if "http-equiv" in each)
    assert declared.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in declared
    assert {tag for tag, _ in html.tags} & {"img", "link", "iframe", "object", "base", "embed"} == set()
    assert not [attributes for _, attributes in html.tags if {"src", "style", "action"} & attributes.keys()]


def test_the_cost_is_that_of_the_tables(shipped: Synth, deployment_with: Build) -> None:
    found = cost(deployment_with())
    assert found.usd > 500
    assert 0 < sum(share.usd for share in found.shares) < found.usd
    text = page(review(deployment_with(), shipped.directory))
    assert f'<td class="number">{found.usd:,.2f}</td>' in text


def test_a_node_type_without_a_price_leaves_the_cost_out(
    deployment_with: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = deployment_with()
    kind = deployment.eks.system_nodes.instance_types[0]
    # Not out of the table itself: what is put back comes last, and pages have its order.
    others = {name: price for name, price in NODES.items() if name != kind}
    for module in ("constructs_lib.cost.share", "constructs_lib.cost.nodes"):
        monkeypatch.setattr(f"{module}.NODES", others)
    write_stack(tmp_path, "idp-bootstrap", {})
    text = page(review(deployment, tmp_path))
    assert f"has no price for nodes of type {kind}" in text
    assert "a month, estimated" not in text


def _hostile(out: Path) -> None:
    block: dict[str, Any] = {HOSTILE: HOSTILE, "name": HOSTILE, "description": HOSTILE}
    comment = {"controls": ["10.3.2"], "checkov": {"CKV_AWS_61": HOSTILE}}
    named = {"aws_iam_role": {HOSTILE: block, "named": block | {"//": comment}}}
    write_stack(out, "idp-bootstrap", {"resource": named}, files={"values/a.yaml": f"a: {HOSTILE}\n"})


def test_hostile_text_stays_text(deployment_with: Build, tmp_path: Path) -> None:
    _hostile(tmp_path)
    html = Html(page(review(deployment_with(), tmp_path)))
    assert len(html.with_tag("script")) == len(html.with_tag("style")) == 1
    assert html.with_tag("img") == []
    assert html.sources["idp-bootstrap/values/a.yaml"] == f"a: {HOSTILE}"
    assert json.loads(html.sources[f"idp-bootstrap/aws_iam_role.{HOSTILE}"])["name"] == HOSTILE
    assert f"idp-bootstrap/aws_iam_role.{HOSTILE}" in html.ids


def test_the_policy_admits_the_pages_own_script_and_style_alone(deployment_with: Build, tmp_path: Path) -> None:
    write_stack(tmp_path, "idp-bootstrap", {})
    text = page(review(deployment_with(), tmp_path))
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (declared,) = (each["content"] for each in Html(text).with_tag("meta") if "http-equiv" in each)
    assert declared == policy(script, style)


def test_the_command_writes_the_same_bytes_each_time(shipped: Synth, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "idp", "review", "--out", str(shipped.directory), "--deployment", "idp-pci"]
    for name, seed in (("a.html", "1"), ("b.html", "2")):
        subprocess.run([*command, "--to", str(tmp_path / name)], cwd=ROOT, env={"PYTHONHASHSEED": seed}, check=True)
    written = (tmp_path / "a.html").read_bytes()
    assert written == (tmp_path / "b.html").read_bytes()
    assert len(written) < 6_000_000
    assert str(shipped.directory).encode() not in written


def test_a_synth_leaves_the_pages_where_they_are(tmp_path: Path) -> None:
    place = tmp_path / PLACE / "idp.html"
    place.parent.mkdir()
    place.write_text("page")
    write({"stacks/idp-bootstrap/cdk.tf.json": "{}\n"}, tmp_path)
    assert place.read_text() == "page"


def _channel(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    red, green, blue = (_channel(int(colour[place : place + 2], 16)) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_text_have_the_contrast_that_wcag_asks(scheme: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: 4.5 to 1, and its definitions of relative luminance and contrast ratio."""
    before, after = TEMPLATES.joinpath("page.css").read_text().split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", before if scheme == "light" else after))
    pairs = [(text, back) for text in ("text", "soft", "link") for back in ("page", "panel", "target")]
    pairs += [(each, f"{each}-back") for each in ("added", "changed", "removed", "serves", "waived")]
    pairs += [(each, back) for each in ("key", "string", "value") for back in ("panel", "target")]
    pairs += [(each, "changed-back") for each in ("text", "soft")] + [(each, "added-back") for each in ("text", "soft")]
    poor = {pair: round(_contrast(found[pair[0]], found[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}
