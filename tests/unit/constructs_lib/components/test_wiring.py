"""What a component has beside its chart."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from config.deployment import Deployment
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.components.wiring import base_values


@pytest.mark.parametrize(
    ("component", "path", "interval"),
    [
        ("backstage", "db/backstage", "1m"),
        ("argo-workflows", "db/argo-workflows", "1m"),
        ("backstage", "api/backstage", "1h"),
        ("argocd", "oauth/argocd", "1h"),
    ],
)
def test_a_password_that_the_job_rotates_is_read_anew_each_minute_and_the_rest_each_hour(
    deployment_with: Callable[..., Deployment], component: str, path: str, interval: str
) -> None:
    deployment = deployment_with()
    values = yaml.safe_load(base_values(CATALOG[component], deployment, enabled(deployment)))
    scheme, _, key = path.partition("/")
    found = [each for each in values["externalSecrets"] if (each["store"], each["key"]) == (f"platform-{scheme}", key)]
    assert [each["refreshInterval"] for each in found] == [interval]
