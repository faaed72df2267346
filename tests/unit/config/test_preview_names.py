"""Names of namespaces of pull requests and of applications: whose they are can be read from them, and no two are the
same.
"""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from config.names import (
    NAMESPACE_MAX,
    application_name,
    application_name_over,
    preview_namespace,
    preview_namespace_over,
    preview_prefix,
    source_name,
    team_namespace,
)

TEAM = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,3}", fullmatch=True).filter(lambda name: len(name) <= 46)
REPOSITORY = st.from_regex(r"example-org/[A-Za-z0-9][A-Za-z0-9._-]{0,98}", fullmatch=True)
PLACE = st.sampled_from(("team", "staging", "sandbox"))
NUMBER = st.integers(min_value=1, max_value=999_999).map(str)


@given(TEAM, REPOSITORY, NUMBER)
def test_team_repository_and_number_can_be_read_from_a_name(team: str, repository: str, number: str) -> None:
    rest = preview_namespace(team, repository, number).removeprefix("preview-")
    owner, _, rest = rest.partition("--")
    source, _, last = rest.rpartition("--")
    assert (owner, source, last) == (team, source_name(repository), number)


@given(TEAM, TEAM, REPOSITORY, NUMBER)
def test_no_team_s_prefix_takes_in_another_s_namespaces(team: str, other: str, repository: str, number: str) -> None:
    assert preview_namespace(team, repository, number).startswith(preview_prefix(other)) == (team == other)


@given(TEAM, REPOSITORY, NUMBER)
def test_a_name_that_fits_is_a_label_of_kubernetes(team: str, repository: str, number: str) -> None:
    name = preview_namespace(team, repository, number)
    if preview_namespace_over(team, repository) <= 0:
        assert len(name) <= NAMESPACE_MAX
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)


@given(TEAM, REPOSITORY, PLACE)
def test_team_source_and_place_can_be_read_from_an_application_s_name(team: str, repository: str, place: str) -> None:
    owner, _, rest = application_name(team, repository, place).partition("--")
    source, _, last = rest.rpartition("--")
    assert (owner, source, last) == (team, source_name(repository), place)


@given(TEAM, REPOSITORY, PLACE)
def test_where_names_of_applications_fit_so_do_those_of_their_sets(team: str, repository: str, place: str) -> None:
    sets = [f"{prefix}--{source_name(repository)}" for prefix in (team_namespace(team), f"preview-{team}")]
    if application_name_over(team, repository) <= 0:
        for name in (application_name(team, repository, place), *sets):
            assert len(name) <= NAMESPACE_MAX
            assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)
