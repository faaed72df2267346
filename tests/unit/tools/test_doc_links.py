"""Links of the documents: files and headings that they lead to exist, and so do tests and guardrails that are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from constructs_lib.guardrails.rules import FILE_RULES, RULES
from tools.doc_blocks import ROOT, documents

DOCUMENTS = [path.relative_to(ROOT).as_posix() for path in documents()]
# Lines of JSON, which the staleness check of the generated page looks at.
_LINES = re.compile(r"L\d+(-L\d+)?")


@cache
def tokens(path: Path) -> list[Token]:
    return MarkdownIt().enable("table").parse(path.read_text(encoding="utf-8"))


def links(path: Path) -> Iterator[str]:
    """Targets of the document's links and pictures, in its order."""
    for token in tokens(path):
        for child in token.children or ():
            target = child.attrs.get("href") or child.attrs.get("src")
            if target:
                yield str(target)


@cache
def anchors(path: Path) -> frozenset[str]:
    """Anchors of the headings, as GitHub makes them."""
    found: list[str] = []
    for token, content in zip(tokens(path), tokens(path)[1:], strict=False):
        if token.type == "heading_open":
            text = "".join(child.content for child in content.children or ())
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return frozenset(found)


def broken(path: Path) -> Iterator[str]:
    for link in links(path):
        file, _, anchor = unquote(link).partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        target = (path.parent / file).resolve() if file else path
        if not target.exists():
            yield f"{link}: there is no such file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{link}: there is no such heading"
        elif anchor and target.suffix != ".md" and not _LINES.fullmatch(anchor):
            yield f"{link}: no anchor of a file that is no document"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    assert list(broken(ROOT / document)) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# A `word` of it\n\n# Twice\n\n# Twice\n")
    page = tmp_path / "page.md"
    page.write_text("[1](there.md#a-word-of-it) [2](there.md#twice-1) [3](gone.md) [4](there.md#gone) [5](#gone)\n")
    assert [found.partition(":")[0] for found in broken(page)] == ["gone.md", "there.md#gone", "#gone"]


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name.startswith("docs/")])
def test_what_is_named_as_a_proof_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"\b((?:OUT|STK|RES|LIF|REL|IMG|REF|TLS|PCI)-\d+)\b", text))
    assert named - {rule.id for rule in (*RULES, *FILE_RULES)} == set()
    files = set(re.findall(r"`((?:tests|config|constructs_lib|stacks|idp|tools)/[\w./-]+)`", text))
    assert [name for name in sorted(files) if not (ROOT / name).exists()] == []


def test_the_readme_names_every_document() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("*.md"))]
    assert [page for page in pages if page not in text] == []
