"""A hosted zone with an id of the caller's choice, where its reference says so: a zone that was there before us.

AWS makes ids up. A deployment that doesn't own its zone names one that somebody else made (deployment:shared:zoneId).
"""

from __future__ import annotations

from typing import Any

from sandbox.given import REFERENCE


def patch() -> None:
    from moto.route53.models import Route53Backend

    original = Route53Backend.create_hosted_zone

    def create_hosted_zone(self: Any, *args: Any, caller_reference: str | None = None, **kwargs: Any) -> Any:
        zone = original(self, *args, caller_reference=caller_reference, **kwargs)
        prefix, _, chosen = (caller_reference or "").partition(":")
        if prefix == REFERENCE and chosen:
            del self.zones[zone.resource_id]
            zone.resource_id = chosen
            self.zones[chosen] = zone
        return zone

    Route53Backend.create_hosted_zone = create_hosted_zone
