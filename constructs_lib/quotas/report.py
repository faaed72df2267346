"""Which quotas deployments are near to or beyond, told before anything is synthesized. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.deployment import Deployment
from config.errors import ConfigError, Problem
from config.quotas import KEY, Quota, by_key, declared
from constructs_lib.quotas.counts import needs

PAGE = "docs/QUOTAS.md"


@dataclass(frozen=True, kw_only=True)
class Report:
    """``warnings`` are lines for people; ``problems`` are what can't be applied at all."""

    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class _Use:
    """What ``deployments``, which share the quota ``row``, need of it together; ``declared`` is what the files say."""

    row: Quota
    deployments: tuple[Deployment, ...]
    need: int
    declared: int | None

    @property
    def allowed(self) -> int | None:
        return self.row.limit if self.declared is None else self.declared

    @property
    def who(self) -> str:
        return ", ".join(deployment.id for deployment in self.deployments)


def notices(deployments: Sequence[Deployment]) -> Sequence[str]:
    """The warnings. Raises ConfigError where something can't be applied at all."""
    found = report(deployments)
    if found.problems:
        raise ConfigError(found.problems)
    return found.warnings


def report(deployments: Sequence[Deployment]) -> Report:
    """What to say of the quotas of ``deployments``. Those of one account, or one region of it, share some."""
    counted = {deployment.id: needs(deployment) for deployment in deployments}
    uses = [use for row in by_key().values() for use in _uses(row, deployments, counted)]
    problems = [problem for use in uses for problem in _problems(use)]
    return Report(
        warnings=tuple(f"warning: {use.who}: {text}" for use in uses for text in _warnings(use)),
        problems=tuple(problems),
    )


def _uses(row: Quota, deployments: Sequence[Deployment], counted: Mapping[str, Mapping[str, int]]) -> Iterator[_Use]:
    groups: dict[tuple[str, ...], list[Deployment]] = {}
    for deployment in deployments:
        platform = deployment.platform
        place = {"account": (platform.account,), "region": (platform.account, platform.region)}
        groups.setdefault(place.get(row.scope, (deployment.id,)), []).append(deployment)
    for group in groups.values():
        said = [value for each in group if (value := declared(each.service_quotas, row.key)) is not None]
        need = sum(counted[each.id][row.key] for each in group)
        yield _Use(row=row, deployments=tuple(group), need=need, declared=max(said, default=None))


def _problems(use: _Use) -> Iterator[Problem]:
    """What AWS or Kubernetes refuses for certain: beyond what nobody raises, or what the file says was raised."""
    row = use.row
    if use.allowed is None or use.need <= use.allowed or (row.kind != "adjustable" and row.estimate):
        return
    if row.kind == "fixed":
        yield Problem(
            file=f"deployment {use.who}",
            key=row.cause,
            value=_given(use) if row.cause == "deployment:teams" else "",
            message=f"needs {_needed(use)}, and {row.name} are {row.limit} at most, which AWS doesn't raise "
            f"({row.source}, read {row.read})",
            remedy=row.lever or f"shorter names; see {PAGE}",
        )
    elif use.declared is not None and not row.estimate:
        yield Problem(
            file=f"deployment {use.who}",
            key=f"{KEY}.{row.key}",
            value=str(use.declared),
            message=f"is less than what is needed: {_needed(use)}",
            remedy=f"{_ask(use)}, and write what AWS grants",
        )


def _warnings(use: _Use) -> Iterator[str]:
    row, allowed = use.row, use.allowed
    if allowed is None or use.need < row.warn_at * allowed or list(_problems(use)):
        return
    share = f"{_needed(use)}, {100 * use.need // allowed} % of {allowed}"
    if row.kind == "guideline":
        yield f"{row.name}: {share} that {row.source} has tested; {row.lever}"
    elif row.kind == "fixed":
        yield f"{row.name}: {share}, which nobody raises; {row.lever}"
    else:
        origin = "by default" if use.declared is None else f"by {KEY}"
        yield f"{row.name}: {share} {origin}; {_ask(use)}, then say so in {KEY}.{row.key}{_or(row)}"


def _needed(use: _Use) -> str:
    return f"{'about ' if use.row.estimate else ''}{use.need} {use.row.unit}"


def _given(use: _Use) -> str:
    return f"{sum(len(deployment.teams) for deployment in use.deployments)} teams"


def _ask(use: _Use) -> str:
    """Room for a quarter more, so that the next teams need no request."""
    wanted, ceiling = -(-use.need * 5 // 4), use.row.ceiling
    least = f"ask for {wanted if ceiling is None else max(use.need, min(wanted, ceiling))} in Service Quotas"
    beyond = f" (AWS grants {ceiling} without a support case)" if ceiling is not None and wanted > ceiling else ""
    return f"{least}, {use.row.code}{beyond}"


def _or(row: Quota) -> str:
    return f"; or {row.lever}" if row.lever else ""
