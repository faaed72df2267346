"""The index of decisions: all of them, each with its status, and where the first plans went."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import plans_page
from tools.plans_page import ADRS, DECISIONS, PATH, PLANS, ROOT, decision, decisions, page

pytestmark = pytest.mark.unit


def test_the_page_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == page(decisions()), "run `make docs`"


def test_every_decision_is_listed_once_and_every_link_leads_somewhere() -> None:
    text = page(decisions())
    index, _, plans = text.partition("## The plans")
    assert re.findall(r"^\| \[\d{4}\]\(\.\./docs/adr/(.+?)\)", index, re.MULTILINE) == sorted(
        path.name for path in ADRS.glob("*.md")
    )
    links = re.findall(r"\]\((\S+?)\)", text)
    assert [link for link in links if not (PATH.parent / link).is_file()] == []
    assert PLANS.keys() == DECISIONS.keys() == set(re.findall(r"^\| `(\S+)`", plans, re.MULTILINE))


def adr(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_decision_that_no_longer_holds_says_so(tmp_path: Path) -> None:
    adr(tmp_path, "0001-flat.md", "# 0001: Flat\n\n**Status.** superseded by 0002.\n")
    adr(tmp_path, "0002-deep.md", "# 0002: Deep | wide\n\n**Context.** A.\n")
    assert [(each.number, each.title, each.status) for each in decisions(tmp_path)] == [
        (1, "Flat", "superseded by 0002"),
        (2, "Deep | wide", "accepted"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("0001-x.md", "# 0002: X\n"), ("0001-x.md", "# 1. X\n"), ("x.md", "# 0001: X\n"), ("0001-x.md", "# 0001: \n")],
)
def test_what_is_no_adr_is_refused(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"docs/adr/{name}: an ADR is"):
        decision(adr(tmp_path, name, text))


def test_two_with_one_number_are_refused(tmp_path: Path) -> None:
    for name in ("0001-a.md", "0001-b.md"):
        adr(tmp_path, name, "# 0001: A\n")
    with pytest.raises(ValueError, match=r"0001-b\.md: 0001-a\.md has this number"):
        decisions(tmp_path)


def test_a_plan_whose_page_or_decision_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="00-platform-refactor names decision 1, 2, 3, 9, 10"):
        page([])
    monkeypatch.setitem(plans_page.PLANS, "02-argocd", ("docs/NOTHING.md",))
    with pytest.raises(ValueError, match=r"02-argocd names docs/NOTHING\.md"):
        page(decisions())


def test_the_first_plans_are_the_four_that_there_were() -> None:
    names = ("00-platform-refactor", "01-argo-workflows", "02-argocd", "03-pci-environment")
    assert tuple(PLANS) == names
    assert (ROOT / "plans").is_dir()
