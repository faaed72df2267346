"""Velero's schedules, and where its pod may connect to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.components.catalog.velero import SCHEDULES, VELERO
from constructs_lib.components.policies import policies
from tests.closed import NOTHING_LEAVES

Build = Callable[..., Deployment]
CLOSED = {
    **NOTHING_LEAVES,
    "deployment:eks:endpointAccess": "private_only",
    "deployment:eks:publicAccessCidrs": None,
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_backup_outlives_the_next_ones(name: str) -> None:
    minute, hour, _, _, weekday = SCHEDULES[name].cron.split()
    period = 1 if hour == "*" else 24 if weekday == "*" else 7 * 24
    assert re.fullmatch("[0-9]+", minute), "at one minute of the hour"
    assert SCHEDULES[name].hours >= 10 * period


def test_no_two_backups_start_together() -> None:
    starts = [schedule.cron.split()[:2] for schedule in SCHEDULES.values()]
    assert len({minute for minute, hour in starts if hour == "*"} & {m for m, hour in starts if hour != "*"}) == 0
    assert len({tuple(start) for start in starts}) == len(starts)


def test_volumes_are_in_the_backups_that_are_kept() -> None:
    assert {name: schedule.volumes for name, schedule in SCHEDULES.items()} == {
        "hourly": False,
        "daily": True,
        "weekly": True,
    }


def test_the_bucket_is_reached_where_there_is_no_internet(deployment_with: Build) -> None:
    (policy,) = policies(VELERO, deployment_with(CLOSED), {"velero": VELERO})
    (s3,) = [rule for rule in policy["egress"] if rule["to"][0].get("ipBlock", {}).get("cidr") == "0.0.0.0/0"]
    assert s3["ports"] == [{"port": 443, "protocol": "TCP"}]
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(s3["to"][0]["ipBlock"]["except"])
