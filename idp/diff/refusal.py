"""Changes that a pull request may not make without a person's word. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from idp.diff.model import Diff, Entry, What

# What --fail-on may name. What may be replaced counts as replaced: nobody knows better before a plan.
REFUSED = ("destroyed", "replaced", "unprotected")
_AS: Mapping[What, str] = {"destroyed": "destroyed", "replaced": "replaced", "may be replaced": "replaced"}


def refused(diff: Diff, kinds: Collection[str]) -> list[Entry]:
    """Resources that hold data, keys or what people put into them, and that one of ``kinds`` happens to."""
    return [
        entry
        for entry in diff.entries()
        if entry.is_guarded and (_AS.get(entry.what) in kinds or (entry.loses_protection and "unprotected" in kinds))
    ]
