"""The catalog: every number of the standard once, said in our own words, and somebody's."""

from __future__ import annotations

import pytest

from constructs_lib.evidence.catalog import PRINCIPALS, REQUIREMENTS, place
from constructs_lib.evidence.catalog.kinds import customer, section

# How many defining requirements x.y each principal one of PCI DSS v4.0.1 has, and how many x.y.z each of those has.
SECTIONS = {
    "1": (2, 8, 3, 5, 1),
    "2": (2, 7, 2),
    "3": (2, 1, 3, 2, 1, 1, 9),
    "4": (2, 2),
    "5": (2, 3, 5, 1),
    "6": (2, 4, 3, 3, 6),
    "7": (2, 6, 3),
    "8": (2, 8, 11, 3, 1, 3),
    "9": (2, 4, 4, 7, 1),
    "10": (2, 2, 4, 3, 1, 3, 3),
    "11": (2, 2, 2, 7, 2, 1),
    "12": (4, 1, 4, 2, 3, 3, 1, 5, 2, 7),
}


def test_it_has_every_requirement_of_the_standard() -> None:
    assert [principal.id for principal in PRINCIPALS] == list(SECTIONS)
    for principal in PRINCIPALS:
        numbers = [
            sum(requirement.id.count(".") == 2 for requirement in found.requirements) for found in principal.sections
        ]
        assert tuple(numbers) == SECTIONS[principal.id], principal.id
        assert [found.id for found in principal.sections] == [
            f"{principal.id}.{number}" for number in range(1, len(numbers) + 1)
        ]


def test_numbers_of_a_section_have_no_gap() -> None:
    for id in REQUIREMENTS:
        *parent, last = id.split(".")
        before = ".".join([*parent, str(int(last) - 1)])
        assert last == "1" or before in REQUIREMENTS, id
        assert len(parent) == 2 or ".".join(parent) in REQUIREMENTS, id


def test_it_is_in_the_order_of_the_standard() -> None:
    assert list(REQUIREMENTS) == sorted(REQUIREMENTS, key=place)


def test_who_shares_or_leaves_a_requirement_says_what_remains() -> None:
    for requirement in REQUIREMENTS.values():
        assert requirement.says[0].isupper(), requirement.id
        assert not requirement.says.endswith("."), requirement.id
        assert requirement.note or requirement.owner in ("platform", "customer"), requirement.id


def test_a_row_in_the_wrong_section_is_refused() -> None:
    with pytest.raises(ValueError, match=r"section 1\.2.*1\.3\.1"):
        section("1.2", "Rules", customer("1.3.1", "Elsewhere"))
    with pytest.raises(ValueError, match=r"section 1\.2"):
        section("1.2", "Rules", customer("1.2.10", "Later"), customer("1.2.9", "Earlier"))
