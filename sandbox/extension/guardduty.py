"""Features of a GuardDuty detector: an update changes those that it names alone (API reference, UpdateDetector).

moto puts them in place of all that there were.
"""

from __future__ import annotations

from typing import Any


def patch() -> None:
    from moto.guardduty.models import Detector

    original = Detector.update

    def update(self: Any, enable: Any, frequency: Any, sources: Any, features: list[dict[str, Any]] | None) -> None:
        named = {feature["name"]: feature for feature in features or ()}
        merged = {feature["name"]: feature for feature in self.features} | named
        original(self, enable, frequency, sources, list(merged.values()))

    Detector.update = update
