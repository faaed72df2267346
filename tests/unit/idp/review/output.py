"""A small synthesized output, written as synth writes it, and what a page of HTML holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.unit.idp.output import document


def write_stack(
    out: Path,
    name: str,
    sections: Mapping[str, Any],
    *,
    deployment: str = "idp",
    reads: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
) -> None:
    """Write a stack with ``sections`` (resource, data, output …) and the ``files`` beside its JSON."""
    text = document(deployment, reads, {})
    for section, held in sections.items():
        text[section] = {**text.get(section, {}), **held}
    write(out / "stacks" / name / "cdk.tf.json", json.dumps(text, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    for path, content in (files or {}).items():
        write(out / "stacks" / name / path, content)
    manifest = out / "manifest.json"
    listed = json.loads(manifest.read_text())["stacks"] if manifest.exists() else {}
    listed[name] = {"synthesizedStackPath": f"stacks/{name}/cdk.tf.json", "dependencies": list(reads)}
    manifest.write_text(json.dumps({"stacks": listed}))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Html(HTMLParser):
    """Elements of a page with their attributes, ids, targets of links, and the text of each source."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.sources: dict[str, str] = {}
        self._source = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "pre" and attributes.get("class") == "source":
            self._source = attributes["aria-label"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._source = ""

    def handle_data(self, data: str) -> None:
        if self._source:
            # The parser of HTML drops a line break that follows the tag.
            before = self.sources.get(self._source, "")
            self.sources[self._source] = before + (data if before else data.removeprefix("\n"))

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def with_tag(self, tag: str) -> list[dict[str, str]]:
        return [attributes for found, attributes in self.tags if found == tag]
