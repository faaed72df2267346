"""Tests of reading the engine's JSON lines."""

from __future__ import annotations

import json
from typing import Any

from idp.events import Progress


def read(*events: Any) -> Progress:
    progress = Progress()
    for event in events:
        progress.read(event if isinstance(event, str) else json.dumps(event))
    return progress


def hook(kind: str, address: str) -> dict[str, Any]:
    return {"type": kind, "hook": {"resource": {"addr": address}, "action": "create"}}


def test_the_last_summary_gives_the_counts() -> None:
    planned = {"type": "change_summary", "changes": {"add": 9, "change": 0, "remove": 0}}
    applied = {"type": "change_summary", "changes": {"add": 3, "change": 2, "remove": 1}}
    assert read(planned, applied).counts == "+3 ~2 -1"


def test_what_has_started_and_not_ended_is_running() -> None:
    started = [hook("apply_start", "aws_vpc.a"), hook("apply_start", "aws_vpc.b")]
    progress = read(*started, hook("apply_complete", "aws_vpc.a"))
    assert (list(progress.running), progress.done) == (["aws_vpc.b"], 1)


def test_an_error_is_worded_with_its_address_and_a_warning_is_none() -> None:
    error = {"severity": "error", "summary": "no such key", "detail": "aws said so", "address": "aws_kms_key.a"}
    warning = {"severity": "warning", "summary": "deprecated"}
    progress = read({"type": "diagnostic", "diagnostic": error}, {"type": "diagnostic", "diagnostic": warning})
    assert progress.problems == "aws_kms_key.a: no such key\n  aws said so"


def test_without_events_the_last_plain_lines_say_what_is_wrong() -> None:
    assert read("Error: no such file\n", "[1, 2]\n").problems == "Error: no such file\n[1, 2]"


def test_a_long_error_in_plain_lines_is_said_from_its_beginning() -> None:
    told = ["│ Error: Error acquiring the state lock\n", *[f"│ line {number}\n" for number in range(20)]]
    assert read("Initializing...\n", *told).problems.splitlines() == [line.rstrip() for line in told]
