"""Reasons that several constructs give. Pure."""

from __future__ import annotations

from collections.abc import Mapping

YEAR = 365
_UNLIMITED = 0


def short_retention(days: int) -> Mapping[str, str]:
    """The waiver of a log group that keeps its events for ``days``; none where that is a year or for ever."""
    if days >= YEAR or days == _UNLIMITED:
        return {}
    return {"CKV_AWS_338": f"Events of {days} days answer what operators ask, and each further month costs."}


def rotated_by(maker: str) -> Mapping[str, str]:
    """The waiver of a secret whose values come from ``maker``."""
    return {"CKV2_AWS_57": f"Values are made where they are checked, which no function of AWS can; who does: {maker}."}
