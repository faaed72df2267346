"""What every component of the registry fulfils."""

from __future__ import annotations

import pytest

from config.versions import CHARTS
from constructs_lib.components.component import Component
from constructs_lib.components.registry import CATALOG
from constructs_lib.data.secrets_table import TABLE as SECRETS
from constructs_lib.iam.rows import ROWS

EACH = pytest.mark.parametrize("component", CATALOG.values(), ids=CATALOG.keys())


@EACH
def test_its_chart_is_pinned(component: Component) -> None:
    assert component.chart in CHARTS


@EACH
def test_its_identities_are_rows_of_the_table_in_its_namespace(component: Component) -> None:
    rows = {row.name: row for row in ROWS}
    for identity in component.identities:
        assert component.name in rows[identity].components
        assert component.namespace in {namespace for namespace, _ in rows[identity].bindings}


@EACH
def test_its_secrets_are_paths_that_are_synced_into_its_namespace(component: Component) -> None:
    into = {secret.path: {n for reader in secret.readers for n in reader.into} for secret in SECRETS}
    for secret in component.secrets:
        assert component.namespace in into[secret.path]


@EACH
def test_its_flows_end_at_rows_of_the_registry(component: Component) -> None:
    for pods in component.pods:
        for flow in pods.egress:
            if flow.peer == "pods":
                CATALOG[flow.component].row(flow.pods)
    if component.host is not None:
        component.row(component.host.pods)


@EACH
def test_its_rows_say_where_their_numbers_come_from(component: Component) -> None:
    for pods in component.pods:
        assert pods.labels and pods.containers and len(pods.source) > 5
    assert len({pods.name for pods in component.pods}) == len(component.pods)


@EACH
def test_no_component_displaces_its_agents(component: Component) -> None:
    for pods in component.pods:
        assert (pods.priority == "platform-agent") == (pods.kind == "DaemonSet"), pods.name
