"""The page of deliveries: its diagrams lead from a push to a rollout, its links and commands to what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.mermaid import charts, parsed
from tests.unit.tools.delivery_tree import PROMOTE, reached, way
from tools import delivery_page
from tools.delivery.files import read
from tools.delivery_page import ROOT


@pytest.fixture(scope="module")
def page() -> str:
    return delivery_page.text()


def test_the_page_is_current(page: str) -> None:
    assert delivery_page.PATH.read_text(encoding="utf-8") == page


def test_every_diagram_is_one_that_mermaid_takes(page: str) -> None:
    kinds = re.findall(r"^## Event `(\w+)`$", page, re.MULTILINE)
    assert kinds == ["push", "pull_request", "release"]
    assert len(charts(page)) == len(kinds) + 2


def test_a_push_comes_to_a_signed_image(page: str) -> None:
    overview = charts(page)[0]
    found = reached(overview, "GitHub: push")
    assert {"Event source github", "Event bus default", "Sensor push", "Workflow of ci"} <= found
    assert {"BuildKit", "Amazon ECR", "AWS KMS"} <= reached(overview, "Sensor push")


def test_a_release_comes_to_the_last_step_of_a_rollout(page: str) -> None:
    found = reached(charts(page)[0], "Sensor release")
    assert {"Workflow of cd", "promote", "rollback", "Git", "alpha--shop--staging", "Argo Rollouts"} <= found
    assert {"Rollout, canary", "Rollout, blue-green", "all requests to the new version", "aborted"} <= found


def test_a_stranger_comes_to_no_registry() -> None:
    found = reached(way(ROOT, "pull_request"), "Sensor stranger")
    assert "Workflow of pull-request" in found
    assert not {"Amazon ECR", "AWS KMS", "Workflow of ci"} & found


def test_every_secret_is_made_by_something(page: str) -> None:
    section = page.partition("## Where secrets come from")[2].partition("\n## ")[0]
    rows = {tuple(re.findall(r"`([^`]+)`", row)[:2]): row for row in section.splitlines() if row.startswith("| `")}
    mounted = set(re.findall(r"secretName: ([\w-]+)", (ROOT / PROMOTE).read_text(encoding="utf-8")))
    assert mounted
    assert {("github-webhook", "argo-events"), *((name, "team-alpha") for name in mounted)} <= rows.keys()
    assert {place for place, row in rows.items() if "it may be missing" in row} <= {("git-credentials", "argo")}


def test_links_lead_to_files_and_headings_that_are_there(page: str) -> None:
    links = re.findall(r"\]\(([^)#]*)(?:#([\w-]*))?\)", page)
    assert len(links) > 20
    for path, anchor in links:
        target = delivery_page.PATH.parent / path if path else delivery_page.PATH
        assert target.is_file(), path
        headings = [re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in _headings(target)]
        assert not anchor or anchor in headings, (path, anchor)


def _headings(page: Path) -> list[str]:
    return [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")]


def test_commands_are_bash(page: str) -> None:
    blocks = re.findall(r"^```sh account\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert any("argo submit" in block for block in blocks)
    for block in blocks:
        subprocess.run(["bash", "-n"], input=block, text=True, check=True)


def test_commands_give_every_parameter_that_has_no_default(page: str) -> None:
    files = read(ROOT)
    commands = re.findall(r"^argo submit .*?--watch$", page, re.MULTILINE | re.DOTALL)
    assert len(commands) == len(files.sensors)
    for each in commands:
        (template,) = re.findall(r"clusterworkflowtemplate/(\S+)", each)
        given = set(re.findall(r"--parameter ([\w-]+)=\S", each))
        needed = {name for name, row in files.templates[template].parameters.items() if "value" not in row}
        assert needed <= given <= files.templates[template].parameters.keys()


def test_the_reader_of_diagrams_reads_this_page_s(page: str) -> None:
    for block in re.findall(r"^```mermaid\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        edges = len(re.findall(r"-->|-\.->", block))
        assert len(parsed(block).edges) == edges > 5
