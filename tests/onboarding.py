"""What docs/TEAM_ONBOARDING.md tells people to run and to write, read from the page itself."""

from __future__ import annotations

import shlex
import textwrap
from pathlib import Path
from typing import Any

import yaml

PAGE = Path(__file__).resolve().parent.parent / "docs" / "TEAM_ONBOARDING.md"
IDP = ".venv/bin/python -m idp "


def blocks() -> list[str]:
    """The indented blocks of the page; an empty line inside of one belongs to it."""
    found: list[list[str]] = [[]]
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("    ") or (not line and found[-1]):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [textwrap.dedent("\n".join(lines)).strip("\n") for lines in found if lines]


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
    text = "\n".join(
        line for block in blocks() for line in block.splitlines() if not line.startswith(("aws ", "make "))
    )
    for part in text.split("apiVersion: ")[1:]:
        found: dict[str, Any] = yaml.safe_load("apiVersion: " + part.split("\n.venv")[0])
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
