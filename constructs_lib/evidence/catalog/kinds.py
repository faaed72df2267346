"""What a row of the catalog is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Who meets a requirement. "shared": resources of a deployment do a part of it, the note says whose the rest is.
Owner = Literal["platform", "shared", "customer", "aws"]


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One requirement of PCI DSS v4.0.1. ``says`` is a paraphrase of ours, ``note`` says what its owner does.

    What is the platform's or shared is a gap where no resource serves it. Resources may help with what is the
    customer's or AWS's, as an alarm does with a review; that stays theirs.
    """

    id: str
    owner: Owner
    says: str
    note: str

    @property
    def is_ours(self) -> bool:
        return self.owner in ("platform", "shared")


@dataclass(frozen=True, kw_only=True)
class Section:
    """What a requirement such as 10.2 is about, with the requirements that define it."""

    id: str
    about: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, kw_only=True)
class Principal:
    """One of the twelve principal requirements."""

    id: str
    about: str
    sections: tuple[Section, ...]


def platform(id: str, says: str, note: str = "") -> Requirement:
    return Requirement(id=id, owner="platform", says=says, note=note)


def shared(id: str, says: str, note: str) -> Requirement:
    return Requirement(id=id, owner="shared", says=says, note=note)


def customer(id: str, says: str, note: str = "") -> Requirement:
    return Requirement(id=id, owner="customer", says=says, note=note)


def aws(id: str, says: str, note: str) -> Requirement:
    return Requirement(id=id, owner="aws", says=says, note=note)


def section(id: str, about: str, *requirements: Requirement) -> Section:
    """A section. Raises ValueError for a requirement of another one, and for numbers out of order."""
    numbers = [requirement.id for requirement in requirements]
    if any(not number.startswith(f"{id}.") for number in numbers) or numbers != sorted(numbers, key=place):
        raise ValueError(f"section {id} of the catalog: {', '.join(numbers)}")
    return Section(id=id, about=about, requirements=requirements)


def place(id: str) -> tuple[int, ...]:
    """Sorts "10.2.1" after "9.4.7"."""
    return tuple(int(part) for part in id.split("."))
