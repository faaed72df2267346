"""What the page of components says of the series that go to Grafana Cloud."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from config.deployment import Deployment
from config.sizing import SizingProfile
from constructs_lib.components.registry import enabled
from constructs_lib.telemetry.series import FREE_PLAN, Estimate, estimate
from tools.markdown import table

_INTRO = """## Series of metrics

An estimate of the active series that component `grafana-agent` sends, by sizing profile, with {teams} in the deployment
file; the free plan of Grafana Cloud holds {free:,}. What is kept is in `constructs_lib/telemetry/kept.py`, what is
counted in `constructs_lib/telemetry/scale.py`. How many there are says the metric
`prometheus_remote_write_wal_storage_active_series`.
"""


_TEAMS = (10, 50, 100)


def series(by_profile: Mapping[SizingProfile, Deployment]) -> Iterator[str]:
    """The section: series by what exposes them, and whether they are within the free plan."""
    found = {profile: estimate(deployment, enabled(deployment)) for profile, deployment in by_profile.items()}
    teams = max(len(deployment.teams) for deployment in by_profile.values())
    yield _INTRO.format(free=FREE_PLAN, teams="1 team" if teams == 1 else f"{teams} teams")
    counted = [_by_exposer(each) for each in found.values()]
    names = sorted({name for each in counted for name in each})
    rows = [(f"`{name}`", *(f"{each[name]:,}" for each in counted)) for name in names]
    rows.append(("all", *(f"{each.total:,}" for each in found.values())))
    rows += [(f"all, with {count} teams", *(_total(each, count) for each in by_profile.values())) for count in _TEAMS]
    yield table(("from", *found), rows)
    remedies = {estimate(_with(each, _TEAMS[-1]), enabled(each)).remedy for each in by_profile.values()} - {""}
    yield "".join(f"Where that is more than the plan holds: {remedy}.\n" for remedy in sorted(remedies))


def _with(deployment: Deployment, teams: int) -> Deployment:
    """``deployment`` with so many teams like its first; whether they have room is not asked."""
    return deployment.model_copy(update={"teams": deployment.teams[:1] * teams})


def _total(deployment: Deployment, teams: int) -> str:
    found = estimate(_with(deployment, teams), enabled(deployment))
    return f"{found.total:,}" if found.fits else f"{found.total:,}: too many"


def _by_exposer(found: Estimate) -> Counter[str]:
    counted: Counter[str] = Counter()
    for row in found.rows:
        counted[row.exposes] += row.series
    return counted
