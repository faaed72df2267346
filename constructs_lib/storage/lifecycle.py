"""Lifecycle rules of buckets, as data. Pure: imports no engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LifecycleRule:
    """One rule for the objects under ``prefix`` (all, when empty). Zero days means: never.

    ``expire_days`` counts from creation, ``noncurrent_days`` from when a version was replaced. Parts of uploads that
    never finished are invisible and are billed, so they go after ``abort_days``.
    """

    id: str
    prefix: str = ""
    expire_days: int = 0
    noncurrent_days: int = 0
    abort_days: int = 7
    intelligent_tiering: bool = False
