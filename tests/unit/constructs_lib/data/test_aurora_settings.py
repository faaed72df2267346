"""Tests of what follows from the Aurora settings."""

from __future__ import annotations

import pytest

from constructs_lib.data.aurora_settings import parameter_family, placements

ZONES = ("us-west-2a", "us-west-2b", "us-west-2c")


def test_the_parameter_family_is_that_of_the_major_version() -> None:
    assert parameter_family("17.7") == "aurora-postgresql17"


def test_instances_go_to_the_zones_in_turn() -> None:
    assert [placed.zone for placed in placements(3, ZONES)] == [*ZONES, "us-west-2a"]


def test_a_deployment_without_readers_has_a_writer() -> None:
    assert [placed.number for placed in placements(0, ZONES)] == [1]


def test_only_the_first_reader_scales_with_the_writer() -> None:
    assert [placed.tier for placed in placements(3, ZONES)] == [0, 1, 2, 2]


@pytest.mark.parametrize(("readers", "zones"), [(-1, ZONES), (1, ())])
def test_an_impossible_placement_is_refused(readers: int, zones: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="at least one zone"):
        placements(readers, zones)
