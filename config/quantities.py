"""Kubernetes quantities as numbers, for comparisons. Pure.

Source: Kubernetes documentation, "Resource Management for Pods and Containers", "Resource units in Kubernetes".
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

_BYTES: Mapping[str, int] = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_MEBIBYTE = 2**20


def millicores(quantity: str) -> int:
    """``"500m"`` is 500, ``"0.5"`` is 500, ``"4"`` is 4000."""
    return int(quantity[:-1]) if quantity.endswith("m") else int(Fraction(quantity) * 1000)


def mebibytes(quantity: str) -> int:
    """``"8Gi"`` is 8192; what is less than a mebibyte is left out."""
    return int(quantity[:-2]) * _BYTES[quantity[-2:]] // _MEBIBYTE
