"""What docs/TEAM_ONBOARDING.md tells people to run and to write, read from the page itself."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import yaml

from tools import doc_blocks

PAGE = Path(__file__).resolve().parent.parent / "docs" / "TEAM_ONBOARDING.md"
IDP = ".venv/bin/python -m idp "


def blocks(language: str = "sh") -> list[str]:
    """The page's blocks of ``language``."""
    return [block.text for block in doc_blocks.blocks(PAGE) if block.language == language]


def commands() -> list[str]:
    """The lines that are commands."""
    starts = (IDP, "make ", "aws ", "kubectl ")
    return [line for block in blocks() for line in block.splitlines() if line.startswith(starts)]


def idp(*words: str) -> list[str]:
    """Arguments of the one ``idp`` command that starts with ``words``."""
    (found,) = (line for line in commands() if line.startswith(IDP + " ".join(words)))
    return shlex.split(found.removeprefix(IDP))


def manifest(kind: str) -> dict[str, Any]:
    """The manifest of ``kind``."""
    for block in blocks("yaml"):
        found: dict[str, Any] = yaml.safe_load(block)
        if found["kind"] == kind:
            return found
    raise LookupError(kind)


def messages() -> list[str]:
    """What the page says that people are told when something is refused."""
    return [cell.strip("`") for cell, *_ in rows("What is refused") if cell.startswith("`")]


def rows(title: str) -> list[list[str]]:
    """The cells of the tables of the section whose title starts so, heads included."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {title}")[2].partition("\n## ")[0]
    lines = (line for line in section.splitlines() if line.startswith("| "))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
