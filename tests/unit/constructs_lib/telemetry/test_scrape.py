"""The configuration that scrapes the components: generated from their registry."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.components.registry import enabled
from constructs_lib.telemetry.kept import kept
from constructs_lib.telemetry.scrape import configuration


@pytest.fixture
def deployment(deployment_with: Callable[..., Deployment]) -> Deployment:
    return deployment_with()


def test_every_row_with_metrics_is_scraped_at_its_port(deployment: Deployment) -> None:
    text = configuration(deployment, enabled(deployment), "metrics")
    for component in enabled(deployment).values():
        for row in component.running(deployment):
            name = re.sub("[^a-z0-9]", "_", f"{component.name}_{row.name}")
            if row.metrics is None or row.name == "kube-state-metrics":
                assert f'prometheus.scrape "{name}"' not in text
            else:
                assert text.count(f'prometheus.scrape "{name}"') == 1
                assert f'replacement   = "$1:{row.metrics}"' in _block(text, "discovery.relabel", name)


def test_a_target_is_a_running_pod_with_the_labels_of_the_row(deployment: Deployment) -> None:
    found = _block(
        configuration(deployment, enabled(deployment), "metrics"), "discovery.relabel", "cert_manager_webhook"
    )
    assert '"cert-manager;Running;webhook;cert-manager;webhook"' in found
    assert '"__meta_kubernetes_pod_label_app_kubernetes_io_component"' in found


def test_only_what_is_kept_is_sent(deployment: Deployment) -> None:
    text = configuration(deployment, enabled(deployment), "metrics")
    found = _block(text, "prometheus.relabel", "argocd_application_controller")
    assert f'"{"|".join(kept("argocd", "application-controller"))}"' in found
    assert 'action        = "keep"' in found
    assert "forward_to = [prometheus.remote_write.metrics.receiver]" in found


def test_of_a_row_that_no_list_names_is_kept_whether_it_answers() -> None:
    assert kept("argocd", "repo-server") == ("up", "scrape_samples_scraped")


def test_a_component_that_is_off_is_not_scraped(deployment: Deployment) -> None:
    on = enabled(deployment)
    del on["argocd"]
    assert "argocd" not in configuration(deployment, on, "metrics")


def test_another_port_of_the_row_is_another_port_of_the_target(deployment: Deployment) -> None:
    on = enabled(deployment)
    (row,) = on["reloader"].pods
    on["reloader"] = dataclasses.replace(on["reloader"], pods=(dataclasses.replace(row, metrics=4711),))
    assert '"$1:4711"' in configuration(deployment, on, "metrics")


def _block(text: str, kind: str, name: str) -> str:
    return text.partition(f'{kind} "{name}" {{')[2].partition("\n}")[0]
