"""What holds data, keys or what people put into it, and whether it stays protected. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from constructs_lib.guardrails.lifecycle import STATEFUL
from idp.protection import CONTENTS, FLAGS, prevents_destroy


def is_guarded(kind: str, arguments: Mapping[str, Any]) -> bool:
    """Whether losing it can't be undone by another apply."""
    return kind in STATEFUL or kind in FLAGS or kind in CONTENTS or prevents_destroy(arguments)


def loses_protection(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether ``after`` may be destroyed, and ``before`` not."""
    if prevents_destroy(before) and not prevents_destroy(after):
        return True
    flags = FLAGS.get(kind, {})
    return any(_holds(before, name, free) and not _holds(after, name, free) for name, free in flags.items())


def _holds(arguments: Mapping[str, Any], name: str, free: Any) -> bool:
    """Whether the flag is set; without it, AWS protects nothing."""
    return bool(arguments.get(name, free) != free)
