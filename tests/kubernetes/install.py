"""Our charts, put into the test cluster by the real Helm."""

from __future__ import annotations

import yaml

from tests.kubernetes.cluster import Cluster
from tests.kubernetes.releases import Release


def install(cluster: Cluster, release: Release) -> None:
    """Install or upgrade a release of ours with its synthesized values, as the helm provider would.

    Nothing becomes ready where no kubelet runs, so nothing is waited for.
    """
    chart = release.directory / release.chart
    arguments = ["upgrade", "--install", release.name, str(chart), f"--namespace={release.namespace}"]
    cluster.helm(
        *arguments, "--create-namespace", "--wait=false", "--values=-", given=yaml.safe_dump(dict(release.values))
    )


def uninstall(cluster: Cluster, release: Release) -> None:
    """Uninstall a release."""
    cluster.helm("uninstall", release.name, f"--namespace={release.namespace}")
