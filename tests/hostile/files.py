"""Deployment files whose texts are admitted by the models, and look like something else."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import strategies as st
from pydantic import StringConstraints

from config import words
from config.errors import ConfigError
from config.loader import load_one
from tests.hostile.payloads import SOMETIMES
from tests.hostile.places import put, steps, texts, whole

_LOOKS = tuple(text for kind in SOMETIMES.values() for text in kind)
# Kept on: what previews and exceptions of the whole file need.
_NEEDED = ("argocd", "external-secrets", "kyverno", "external-dns", "reloader")


def admitted(annotation: Any) -> st.SearchStrategy[str]:
    """Texts that the pattern of ``annotation`` admits, and those of SOMETIMES; choices where it is a list of them."""
    if choices := words.choices(annotation):
        return st.sampled_from(choices)
    _, metadata = words._peel(annotation)
    limits = [item for item in metadata if isinstance(item, StringConstraints)]
    patterns = [limit.pattern for limit in limits if isinstance(limit.pattern, str)]
    longest = min((limit.max_length for limit in limits if limit.max_length), default=2_048)
    made = [st.from_regex(pattern, fullmatch=True).filter(lambda text: len(text) <= longest) for pattern in patterns]
    return st.one_of(st.sampled_from(_LOOKS), *made)


@st.composite
def disguised_files(draw: st.DrawFn, changes: int = 12) -> dict[str, Any]:
    """The whole file with up to ``changes`` of its texts replaced, as far as every rule admits it."""
    file = whole()
    if not draw(st.booleans()):
        for name, component in file["deployment:components"].items():
            component["enabled"] = name in _NEEDED
    known = texts()
    for path in draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=changes, unique=True)):
        changed = put(file, steps(path, file), draw(admitted(known[path])))
        with contextlib.suppress(ConfigError):
            load_one(changed, source="test.json")
            file = changed
    if file["deployment:id"] != "idp":
        # What it takes over names stacks, which start with the id.
        file = {key: value for key, value in file.items() if not key.startswith("deployment:adopt:")}
    return file
