"""From where a chart's image is pulled. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from config.versions import IMAGES
from constructs_lib.registry.table import MIRROR_PREFIX, registry, rule_is_due, upstreams


def repository(deployment: Deployment, chart: str) -> str:
    """Repository of the image of ``chart``, without tag: its copy, or the cache of its registry where there is one.

    Raises KeyError where no image is pinned for the chart.
    """
    image = IMAGES[chart]
    if deployment.shared.images == "copies":
        return f"{registry(deployment)}/{MIRROR_PREFIX}/{image.registry}/{image.repository}"
    for upstream in upstreams(deployment):
        if upstream.url == image.registry and rule_is_due(deployment, upstream):
            return f"{registry(deployment)}/{upstream.name}/{image.repository}"
    return f"{image.registry}/{image.repository}"
