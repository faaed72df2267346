"""Reads ``expected.yaml`` and ``expected_pci.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from constructs_lib.reachability.ports import EVERY_PORT, NO_PORT, PROTOCOLS, Ports, ports


def _read(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return found


FILE, PCI = _read("expected.yaml"), _read("expected_pci.yaml")
DNS = "TCP 53; UDP 53"
Table = dict[tuple[str, str], Ports]


def parsed(text: str) -> Ports:
    """``TCP 53, 8000-8010; UDP 53`` or ``every port`` as ports. Raises ValueError."""
    if text == "every port":
        return EVERY_PORT
    found = NO_PORT
    for part in text.split("; "):
        protocol, _, spans = part.partition(" ")
        if protocol not in PROTOCOLS or not re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", spans):
            raise ValueError(f"no ports: {text!r}")
        for span in spans.split(", "):
            first, _, last = span.partition("-")
            found |= ports(int(first), int(last or first), protocol=protocol)
    return found


def expected(strangers: Iterator[str], file: Mapping[str, Any] = FILE) -> Table:
    """(from, to) → ports of the file; ``strangers`` may ask for names and nothing else."""
    found: Table = {(name, "coredns"): parsed(DNS) for name in strangers}
    for name, row in file["pods"].items():
        for source, destination, text in _ways(name, row, file):
            found[source, destination] = found.get((source, destination), NO_PORT) | parsed(text)
    return found


def _ways(name: str, row: Mapping[str, Any], file: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if row.get("dns", True):
        yield name, "coredns", DNS
    for each in (*(file["codes"][code] for code in row.get("out", ())), row.get("to", {})):
        for place, text in each.items():
            yield name, place, text
    for peer, text in row.get("in", {}).items():
        for client in file["scrapers"] if peer == "M" else [peer]:
            yield client, name, text
