"""Jinja2 as the project uses it: delimiters that Go templates don't have, no value breaks out of its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import jinja2


def engine(directories: Sequence[Path], finalize: Callable[[object], str]) -> jinja2.Environment:
    """An environment over the templates of ``directories``: the first that has a template gives it. ``finalize`` writes
    the value of each expression.

    ``[[ ]]`` and ``[% %]`` leave ``{{ }}`` to the tools that read the result. Unknown variables raise.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(directories),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
        keep_trailing_newline=True,
    )


def as_json(value: object) -> str:
    """``value`` as JSON, which is YAML too. Jinja2 calls this for expressions, not for the template's own text."""
    if isinstance(value, jinja2.Undefined):
        return str(value)  # StrictUndefined raises here, naming the variable
    return json.dumps(value)
