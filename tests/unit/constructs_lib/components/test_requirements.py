"""Which components need which, and their order."""

from __future__ import annotations

import pytest

from config.components import Components
from config.requirements import IMPLIED, REQUIRES, Cycle, missing, order, with_implied


def test_a_component_comes_after_what_it_needs() -> None:
    found = order(["argo-events", "argocd", "argo-workflows", "external-secrets"])
    assert found == ("external-secrets", "argocd", "argo-workflows", "argo-events")


def test_names_decide_where_nothing_else_does() -> None:
    assert order(["velero", "kyverno", "reloader"]) == ("kyverno", "reloader", "velero")


def test_a_cycle_is_told_with_its_path() -> None:
    with pytest.raises(Cycle, match="a → b → a|b → a → b"):
        order(["a", "b", "c"], {"a": ["b"], "b": ["a"]})


def test_what_is_missing_is_told_with_the_way_to_it() -> None:
    assert missing(["argo-workflows"]) == [
        ("argo-workflows", "argocd"),
        ("argo-workflows", "argocd", "external-secrets"),
        ("argo-workflows", "external-secrets"),
    ]


def test_records_are_implied_by_a_host_unless_switched_off() -> None:
    host = {"argocd": {"enabled": True, "domain": "argocd.example.com"}}
    assert with_implied(host)["external-dns"] == {"enabled": True}
    off = {"enabled": False}
    assert with_implied(host | {"external-dns": off})["external-dns"] == off


def test_a_component_that_is_off_implies_nothing() -> None:
    assert "reloader" not in with_implied({"external-secrets": {"enabled": False}})


def test_the_tables_name_every_component_and_no_other() -> None:
    known = {field.alias or name for name, field in Components.model_fields.items()}
    assert set(REQUIRES) == known
    assert {name for named in (*REQUIRES.values(), *IMPLIED.values()) for name in named} <= known
