"""YAML of Atlantis' files: block style, lists of plain values in one line."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

WIDTH = 116


def text(document: Mapping[str, Any], *, head: str) -> str:
    """``document`` as YAML below ``head``, lines of comment."""
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = WIDTH
    stream = io.StringIO()
    writer.dump(_styled(document), stream)
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return f"{comment}{stream.getvalue()}"


def _styled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap({key: _styled(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        found = CommentedSeq([_styled(item) for item in value])
        if all(not isinstance(item, (Mapping, list, tuple)) for item in value):
            found.fa.set_flow_style()
        return found
    return value
