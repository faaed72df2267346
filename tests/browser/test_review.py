"""The page for reviewers in a real browser: what people do with it, and what it must not do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load
from idp.review.page import page
from idp.review.review import review
from tests.browser.chromium import Chromium
from tests.synth import Synth
from tests.unit.idp.review.output import write_stack

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STACK = "idp-pci-foundation-vpc"
LOG = f"{STACK}/aws_flow_log.vpc"
SHOWN = "[...document.querySelectorAll('.item:not([hidden])')].map(item => item.id)"
Build = Callable[..., Deployment]


@dataclass(frozen=True)
class Shown:
    """The page of the shipped idp-pci; in the synth ``before`` it one resource more was, one less, one otherwise."""

    url: str
    out: Path
    deployment: Deployment


@pytest.fixture(scope="module")
def written(shipped: Synth, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    place = tmp_path_factory.mktemp("review")
    before = place / "before"
    shutil.copytree(shipped.directory, before)
    path = before / "stacks" / STACK / "cdk.tf.json"
    document = json.loads(path.read_text())
    document["resource"]["aws_eip"] = {"old": {"domain": "vpc"}} | document["resource"].get("aws_eip", {})
    document["resource"]["aws_flow_log"]["vpc"]["traffic_type"] = "REJECT"
    del document["resource"]["aws_vpc"]["vpc"]
    path.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    (deployment,) = (each for each in load(ROOT / "cdktf.json") if each.id == "idp-pci")
    target = place / "idp-pci.html"
    target.write_text(page(review(deployment, shipped.directory, before)), encoding="utf-8")
    return Shown(target.as_uri(), shipped.directory, deployment)


@pytest.fixture
def opened(chromium: Chromium, written: Shown) -> Iterator[Chromium]:
    """The browser with that page. Afterwards: no error, and no request but the one for the page."""
    chromium.open(written.url)
    yield chromium
    assert chromium.errors == []
    assert [url.partition("#")[0] for url in chromium.requests] == [written.url]


def _block(written: Shown, stack: str, kind: str, name: str) -> Any:
    return json.loads((written.out / "stacks" / stack / "cdk.tf.json").read_text())["resource"][kind][name]


def test_from_a_requirement_to_the_lines_of_a_resource_and_back(opened: Chromium, written: Shown) -> None:
    requirement = _block(written, STACK, "aws_flow_log", "vpc")["//"]["controls"][0]
    row = f"requirement/{requirement}"
    opened.click(f"tr[id='{row}'] a[href='#{LOG}']")
    opened.until(f"document.activeElement.parentElement?.id === '{LOG}'")
    assert opened.evaluate("location.hash") == f"#{LOG}"
    numbers = opened.evaluate(
        f"[...document.getElementById('{LOG}').querySelectorAll('.line')].map(line =>"
        " [Number(line.querySelector('a').dataset.number), line.textContent.trimEnd()])"
    )
    lines = (written.out / "stacks" / STACK / "cdk.tf.json").read_text().splitlines()
    assert lines[numbers[0][0] - 1] == '      "vpc": {'
    assert [lines[number - 1][6:].removesuffix(",") for number, _ in numbers[1:]] == [
        text.removesuffix(",") for _, text in numbers[1:]
    ]
    opened.click(f"details[id='{LOG}'] a[href='#{row}']")
    opened.until(f"document.activeElement.id === '{row}'")
    top, bottom = opened.evaluate(f"(r => [r.top, r.bottom])(document.getElementById('{row}').getBoundingClientRect())")
    assert 0 <= top < bottom
    assert top < 1000
    opened.evaluate("history.back()")
    opened.until(f"document.activeElement.parentElement?.id === '{LOG}'")


def test_a_link_to_a_line_opens_the_resource_and_marks_it(opened: Chromium, written: Shown) -> None:
    lines = (written.out / "stacks" / STACK / "cdk.tf.json").read_text().splitlines()
    number = next(at for at, line in enumerate(lines, start=1) if line.strip().startswith('"traffic_type"'))
    opened.evaluate(f"location.hash = '#{LOG}:{number}'")
    opened.until("document.querySelector('.line.target') !== null")
    assert opened.evaluate("document.querySelector('.line.target').textContent").strip() == lines[number - 1].strip()


def test_search_by_keyboard_finds_text_and_goes_with_the_other_filters(opened: Chromium) -> None:
    opened.press("/", "/")
    assert opened.evaluate("document.activeElement.id") == "text"
    opened.type("traffic_TYPE idp-pci")
    assert LOG in opened.evaluate(SHOWN)
    assert opened.evaluate(
        "[...document.querySelectorAll('.item')].every(item => item.hidden !=="
        " `${item.id}\\n${item.querySelector('.source').textContent}`.toLowerCase().includes('traffic_type'))"
    )
    count = opened.evaluate("document.getElementById('count').textContent")
    assert count.startswith(f"{len(opened.evaluate(SHOWN))} of ")
    _choose(opened, "kind", "=aws_vpc")
    assert opened.evaluate(SHOWN) == []
    opened.click("button[type=reset]")
    opened.until(f"{SHOWN}.length > 500")


def _choose(chromium: Chromium, field: str, value: str) -> None:
    chromium.evaluate(
        f"(field => {{ field.value = {json.dumps(value)};"
        f" field.dispatchEvent(new Event('input', {{bubbles: true}})); }})(document.getElementById('{field}'))"
    )


def test_a_requirement_shows_all_that_serve_it(opened: Chromium, written: Shown) -> None:
    requirement = _block(written, STACK, "aws_flow_log", "vpc")["//"]["controls"][0]
    opened.click(f"button[data-requirement='{requirement}']")
    found = opened.evaluate(SHOWN)
    assert LOG in found
    linked = opened.evaluate(
        f"[...document.querySelectorAll(\"tr[id='requirement/{requirement}'] .links a\")]"
        ".map(link => decodeURIComponent(link.hash.slice(1)))"
    )
    assert sorted(found) == sorted(linked)


def test_a_link_shows_what_the_filter_hides(opened: Chromium) -> None:
    _choose(opened, "kind", "=aws_vpc")
    assert LOG not in opened.evaluate(SHOWN)
    opened.evaluate(f"location.hash = '#{LOG}'")
    opened.until(f"document.getElementById('{LOG}').open && {SHOWN}.includes('{LOG}')")


def test_what_changed_is_marked(opened: Chromium) -> None:
    _choose(opened, "mark", "any-change")
    assert sorted(opened.evaluate(SHOWN)) == [f"{STACK}/aws_eip.old", LOG, f"{STACK}/aws_vpc.vpc"]
    for name, change in (("aws_eip.old", "removed"), ("aws_flow_log.vpc", "changed"), ("aws_vpc.vpc", "added")):
        badge = f"document.querySelector(\"details[id='{STACK}/{name}'] > summary > .{change}\").innerText"
        assert opened.evaluate(badge) == change
    assert opened.evaluate(f"document.getElementById('{LOG}').querySelector('.diff del').textContent.trim()") == (
        '-  "traffic_type": "REJECT",'
    )
    assert opened.evaluate(f"document.querySelector(\"[data-node='{STACK}']\").classList.contains('changed')")


def test_it_reads_in_the_dark_and_on_a_narrow_screen(opened: Chromium) -> None:
    light = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    opened.send("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") != light
    size = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    opened.send("Emulation.setDeviceMetricsOverride", size)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.fixture
def many(deployment_with: Build, tmp_path: Path) -> str:
    """The page of 1,500 resources, one of which holds what tries to be a script."""
    for number in range(15):
        buckets = {f"bucket_{each}": {"bucket": f"logs-{number}-{each}", "force_destroy": False} for each in range(100)}
        if number == 7:
            buckets["bucket_7"]["bucket"] = (
                "</script><script>document.title = 'broken'</script><img src=x onerror=alert(1)>"
            )
        write_stack(tmp_path, f"idp-platform-{number:02}", {"resource": {"aws_s3_bucket": buckets}})
    target = tmp_path / "many.html"
    target.write_text(page(review(deployment_with(), tmp_path)), encoding="utf-8")
    return target.as_uri()


def test_many_resources_are_filtered_and_hostile_text_is_shown_as_it_is(chromium: Chromium, many: str) -> None:
    chromium.open(many)
    _choose(chromium, "kind", "resource")
    assert len(chromium.evaluate(SHOWN)) == 1500
    _choose(chromium, "text", "<script>")
    assert chromium.evaluate(SHOWN) == ["idp-platform-07/aws_s3_bucket.bucket_7"]
    chromium.click(".item:not([hidden]) > summary")
    chromium.until("document.querySelector('.item:not([hidden]) .line') !== null")
    assert "onerror=alert(1)>" in chromium.evaluate("document.querySelector('.item:not([hidden]) .source').textContent")
    assert chromium.evaluate("document.title") == "idp: review"
    assert (chromium.errors, chromium.requests) == ([], [many])


def test_the_browser_refuses_what_the_page_may_not_do(chromium: Chromium, many: str) -> None:
    chromium.open(many)
    refused = chromium.evaluate("fetch('https://example.com/').then(() => false, () => true)")
    chromium.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert refused
    assert chromium.evaluate("window.ran === undefined")
    assert chromium.requests == [many]
    assert all("Content Security Policy" in error for error in chromium.errors)
    assert len(chromium.errors) >= 2
