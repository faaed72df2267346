"""The page: one HTML file that needs no other and may load none."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from idp.review import graph
from idp.review.items import Item
from idp.review.requirements import OWNERS
from idp.review.review import Review

_TEMPLATES = Path(__file__).parent / "templates"
# Rights in the cluster, as constructs_lib.teams.kinds calls them, for people.
_LEVELS: Mapping[str, str] = {"full": "everything", "read": "look", "use": "use", "": "–"}


def page(review: Review) -> str:
    """The page's text: the same for the same output and configuration."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"anchor": anchor, "usd": "{:,.2f}".format, "lines": _lines, "level": _LEVELS.__getitem__}
    script, style = (_TEMPLATES.joinpath(name).read_text(encoding="utf-8") for name in ("page.js", "page.css"))
    return environment.get_template("page.html.j2").render(
        review=review,
        deployment=review.deployment,
        views={stack.name: stack for stack in review.stacks},
        owners=OWNERS,
        graph=graph,
        # Written by us, and not by what is reviewed; the policy admits these two texts alone.
        script=Markup(script),
        style=Markup(style),
        policy=policy(script, style),
    )


def policy(script: str, style: str) -> str:
    """The content security policy: no connection, no frame, no form, no script or style but the page's own."""
    own = f"script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def anchor(id: str) -> str:
    """The link to the element with this id."""
    return f"#{quote(id, safe='/._-')}"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _lines(item: Item) -> str:
    """Where the item stands, as editors understand it: ``path:120``, and its last line."""
    if not item.line or item.change == "removed":
        return item.path
    return f"{item.path}:{item.line}–{item.last_line}"
