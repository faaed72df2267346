"""What a month is expected to use, by sizing profile: assumptions, since no bill was seen. Pure.

Sources: the architecture notes' cost table for the profiles (logs, storage, database units, security services), read
back into amounts; the rest is said beside it. Change them here once there are bills, then run ``make docs``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.sizing import SizingProfile
from constructs_lib.cost.bounds import Bounds

# What much use is, in times of the expected one. AWS sets no ceiling for what is paid by use.
MUCH = 5
# Part of its quotas that a team's pods request on average.
TEAM_SHARE = 0.25
# Spot, as a part of the on-demand price.
SPOT = 0.35
# Part of a month that one node of the pool for builds runs.
BUILDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Use:
    """A month of one profile: GiB logged by flow logs and by all else, GiB through NAT gateways, firewall and
    endpoints, GiB of the database, millions of requests, and USD of buckets, images, names and traffic between zones.
    """

    logs_gib: float
    flow_logs_gib: float
    out_gib: float
    endpoints_gib: float
    database_gib: float
    requests_millions: float
    stored_usd: float


USES: Mapping[SizingProfile, Use] = {
    "seed-cost": Use(
        logs_gib=10,
        flow_logs_gib=5,
        out_gib=50,
        endpoints_gib=50,
        database_gib=10,
        requests_millions=2,
        stored_usd=13,
    ),
    "ha": Use(
        logs_gib=40,
        flow_logs_gib=20,
        out_gib=100,
        endpoints_gib=100,
        database_gib=20,
        requests_millions=5,
        stored_usd=27,
    ),
    "large": Use(
        logs_gib=190,
        flow_logs_gib=90,
        out_gib=1000,
        endpoints_gib=1000,
        database_gib=100,
        requests_millions=50,
        stored_usd=140,
    ),
}


@dataclass(frozen=True, kw_only=True)
class SecurityUse:
    """A month of the security services of one account, whatever the profile.

    ``trail_events``, ``audit_events`` and ``data_events`` in millions: of the trail, of the cluster's audit log, of
    objects in buckets. ``images`` are scanned at their push, each then again ``rescans`` times.
    """

    trail_events: float = 2
    audit_events: float = 10
    data_events: float = 5
    config_items: int = 10_000
    config_evaluations: int = 5_000
    hub_checks: int = 20_000
    images: int = 100
    rescans: int = 5
    backup_gib: float = 100


SECURITY = SecurityUse()


def by_use(usd: float) -> Bounds:
    """What is paid by use and expected to be ``usd``: nothing without use."""
    return Bounds(minimum=0, expected=usd, maximum=MUCH * usd)
