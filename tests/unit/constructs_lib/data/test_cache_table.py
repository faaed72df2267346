"""Tests of who needs a cache."""

from __future__ import annotations

from collections.abc import Callable

from config.deployment import Deployment
from constructs_lib.data.cache_table import needs_cache


def test_no_component_that_we_ship_needs_a_cache(deployment_with: Callable[..., Deployment]) -> None:
    assert not needs_cache(deployment_with())


def test_an_enabled_component_that_asks_gets_one(deployment_with: Callable[..., Deployment]) -> None:
    assert needs_cache(deployment_with(), {"argocd"})


def test_a_component_that_is_off_gets_none(deployment_with: Callable[..., Deployment]) -> None:
    assert not needs_cache(deployment_with(), {"crossplane"})
