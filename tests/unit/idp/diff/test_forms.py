"""A difference as Markdown, as JSON and on a terminal."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from idp.diff.machine import machine
from idp.diff.markdown import code, markdown
from idp.diff.model import DeploymentDiff, Diff, Entry, StackDiff
from idp.diff.terminal import show
from tests.unit.idp.diff.output import STACK, found, resources

HOSTILE = "`x` @someone </details><img src=x> [a](b) | #1 \x1b[31m"


@pytest.fixture
def diff(tmp_path: Path) -> Diff:
    before = resources(aws_s3_bucket={"a": {"bucket": "before"}}, aws_kms_key={"k": {"lifecycle": _KEPT}})
    after = resources(aws_s3_bucket={"a": {"bucket": "after"}}, aws_sqs_queue={"q": {}})
    return found(tmp_path, before, after, new={"values/a.yaml": "a: 1\n"})


_KEPT = {"prevent_destroy": True}


def _wide(stacks: int, entries: int) -> Diff:
    made = tuple(
        StackDiff(
            name=f"idp-teams-{number:04d}",
            state="",
            entries=tuple(
                Entry(stack="s", address=f"aws_x.{at:05d}", kind="aws_x", section="resource", what="added")
                for at in range(entries)
            ),
        )
        for number in range(stacks)
    )
    return Diff(deployments=(DeploymentDiff(id="idp", state="", stacks=made),))


def _printed(diff: Diff) -> str:
    console = Console(file=io.StringIO(), width=100)
    show(diff, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_markdown_counts_and_names_what_changes(diff: Diff) -> None:
    text = markdown(diff)
    assert "| stack | destroyed | replaced | added | settings | files |" in text
    assert f"| `{STACK}` | 1 | 1 | 1 |  | 1 |" in text
    assert f"<summary><code>{STACK}</code>: 1 destroyed, 1 replaced, 1 added; 1 file</summary>" in text
    assert "- ⚠️ **replaced** `aws_s3_bucket.a`\n" in text
    assert '  - `bucket`: `"before"` → `"after"`, **forces replacement**' in text
    assert "- ⚠️ **destroyed** `aws_kms_key.k`" in text
    assert "- **added** `values/a.yaml`" in text


def test_markdown_says_that_nothing_changes() -> None:
    assert markdown(Diff(deployments=())) == "## What changes\n\nNothing: both synths are the same.\n"


@pytest.mark.parametrize(
    ("wide", "kept"),
    [(_wide(2, 2), "aws_x.00001"), (_wide(3, 2000), "idp-teams-0002"), (_wide(3000, 1), "more stacks with changes")],
)
def test_markdown_always_fits_a_comment(wide: Diff, kept: str) -> None:
    text = markdown(wide)
    assert len(text) <= 60_000
    assert kept in text
    assert text.count("<details>") == text.count("</details>")


def test_what_does_not_fit_is_counted() -> None:
    text = markdown(_wide(3000, 1))
    shown = len(re.findall(r"^- `idp-teams", text, re.MULTILINE))
    (left,) = re.findall(r"^(\d+) more stacks", text, re.MULTILINE)
    assert shown > 500
    assert shown + int(left) == 3000


def test_values_go_before_arguments_and_those_before_addresses(diff: Diff) -> None:
    whole = len(markdown(diff))
    texts = [markdown(diff, limit) for limit in (whole, whole - 1)]
    assert "`before`" not in texts[0]
    assert ['"before"' in text for text in texts] == [True, False]
    assert "`bucket` (forces)" in texts[1]
    assert len(markdown(diff, 10)) < 200


def test_hostile_text_stays_code(tmp_path: Path) -> None:
    before, after = (resources(aws_x={HOSTILE: {HOSTILE: value}}) for value in ("a", HOSTILE))
    text = markdown(found(tmp_path, before, after))
    html = MarkdownIt("commonmark").render(text)
    for bad in ("<img", "<a ", "\x1b"):
        assert bad not in html
    assert html.count("</details>") == 1
    assert "@someone" not in re.sub(r"<code>.*?</code>", "", html)


@pytest.mark.parametrize("text", ["a", "`", "``a`", "a`b", "", "`a`"])
def test_code_holds_any_text(text: str) -> None:
    html = MarkdownIt("commonmark").render(code(text))
    assert html == f"<p><code>{text or ' '}</code></p>\n" or (text == "" and "<code>" in html)


def test_json_holds_all_of_it(diff: Diff) -> None:
    read = json.loads(machine(diff))
    (deployment,) = read["deployments"]
    (stack,) = deployment["stacks"]
    assert (read["version"], read["changed"], deployment["id"], stack["name"]) == (1, True, "idp", STACK)
    assert stack["counts"] == {"destroyed": 1, "replaced": 1, "added": 1}
    changes: dict[str, Any] = {change["address"]: change for change in stack["changes"]}
    assert changes["aws_s3_bucket.a"]["arguments"] == [
        {"path": "bucket", "before": '"before"', "after": '"after"', "forces": True}
    ]
    assert changes["aws_kms_key.k"]["guarded"]
    assert machine(diff) == machine(diff)


def test_a_terminal_shows_what_loses_most_first(diff: Diff) -> None:
    text = _printed(diff)
    assert f"{STACK}: 1 destroyed, 1 replaced, 1 added; 1 file" in text
    assert [line.split()[0] for line in text.splitlines() if re.match(r" \w", line)] == [
        "destroyed",
        "replaced",
        "added",
        "added",
    ]
    assert 'bucket: "before" → "after"  forces replacement' in text
    assert "holds data, keys or what people put into it" in text
    assert _printed(Diff(deployments=())) == "no changes\n"


def test_a_terminal_takes_no_orders_from_the_json(tmp_path: Path) -> None:
    before, after = (resources(aws_x={"a": {"b": value}}) for value in ("a", f"[red]{HOSTILE}"))
    text = _printed(found(tmp_path, before, after))
    assert "\x1b" not in text
    assert "[red]" in text
