"""Trails of CloudTrail: they are deleted by ARN as by name (API reference, DeleteTrail); moto knows the name alone."""

from __future__ import annotations

from typing import Any


def patch() -> None:
    from moto.cloudtrail.models import CloudTrailBackend

    original = CloudTrailBackend.delete_trail

    def delete_trail(self: Any, name: str) -> None:
        original(self, name.rpartition("/")[2])

    CloudTrailBackend.delete_trail = delete_trail
