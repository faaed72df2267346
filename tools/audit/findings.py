"""What an audit finds, and which of it was accepted, by whom, why and until when."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from idp.errors import OperationError

FILE = Path(__file__).with_name("accepted.json")
# An acceptance is looked at again at least twice a year.
LONGEST = datetime.timedelta(days=183)
_Text = Annotated[str, Field(min_length=3)]


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """A vulnerability of ``package`` at ``version`` in ``place``: a lock, or a program that Go built.

    ``names`` are all ids that it has (GHSA-…, CVE-…, PYSEC-…, GO-…); ``fixed`` is a version without it, or empty.
    """

    place: str
    package: str
    version: str
    names: tuple[str, ...]
    fixed: str = ""

    def __str__(self) -> str:
        remedy = f"fixed in {self.fixed}" if self.fixed else "no version without it"
        return f"{self.place}: {self.package} {self.version}: {', '.join(self.names)}; {remedy}"


@dataclass(kw_only=True)
class Audit:
    """All findings, and place → why its source couldn't be asked. A place that wasn't asked is not free of any."""

    findings: list[Finding] = field(default_factory=list)
    unasked: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


class Accepted(BaseModel):
    """A finding that somebody looked at and accepted, from day ``since`` to day ``until``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Text
    package: _Text
    reason: Annotated[str, Field(min_length=20)]
    owner: _Text
    since: datetime.date
    until: datetime.date

    def covers(self, finding: Finding) -> bool:
        return self.package == finding.package and self.id in finding.names


@dataclass(frozen=True, kw_only=True)
class Judged:
    """``open`` findings must be dealt with; ``expired`` acceptances, too; ``unused`` ones may go."""

    open: list[Finding]
    accepted: list[Finding]
    expired: list[Accepted]
    unused: list[Accepted]


def accepted(path: Path = FILE) -> list[Accepted]:
    """What the file holds. Raises OperationError with all that is wrong with it."""
    try:
        found = TypeAdapter(list[Accepted]).validate_json(path.read_bytes())
    except ValidationError as error:
        wrong = [f"{path.name}: {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise OperationError("\n".join(wrong), remedy=_REMEDY) from None
    long = [each.id for each in found if not each.since <= each.until <= each.since + LONGEST]
    if long:
        words = f"{', '.join(long)}: until must be after since, by {LONGEST.days} days at most"
        raise OperationError(f"{path.name}: {words}", remedy=_REMEDY)
    return found


_REMEDY = "an entry has id, package, reason, owner, since and until (docs/SUPPLY_CHAIN.md)"


def judge(findings: Iterable[Finding], entries: Iterable[Accepted], today: datetime.date) -> Judged:
    """Which findings an entry covers that holds ``today``."""
    entries, found = list(entries), sorted(set(findings))
    holding = [each for each in entries if each.since <= today <= each.until]
    covered = [each for each in found if any(entry.covers(each) for entry in holding)]
    return Judged(
        open=[each for each in found if each not in covered],
        accepted=covered,
        expired=[each for each in entries if each.until < today],
        unused=[each for each in holding if not any(each.covers(finding) for finding in found)],
    )
