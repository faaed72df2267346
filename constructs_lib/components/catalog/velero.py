"""Velero: backups of the cluster's objects in a bucket, and of its volumes as EBS snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.component import Component, Image, OwnChart
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, POD_IDENTITY, aws
from constructs_lib.naming import Naming

# Of the snapshots: schedules name it, so that they don't depend on which class is the cluster's default.
SNAPSHOT_CLASS = "velero"
DRIVER = "ebs.csi.aws.com"
# Records of what happened, which nobody restores.
_NOT_BACKED_UP = ("events", "events.events.k8s.io")


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A backup of everything at ``cron`` (UTC), kept for ``hours``; with snapshots of volumes where ``volumes``."""

    cron: str
    hours: int
    volumes: bool

    def values(self) -> dict[str, Any]:
        """As the chart takes it. Velero documentation, "Container Storage Interface Snapshot Support" (annotation)."""
        return {
            "schedule": self.cron,
            "annotations": {f"velero.io/csi-volumesnapshot-class_{DRIVER}": SNAPSHOT_CLASS},
            "template": {
                "ttl": f"{self.hours}h",
                "storageLocation": "default",
                "includeClusterResources": True,
                "snapshotVolumes": self.volumes,
                "excludedResources": list(_NOT_BACKED_UP),
            },
        }


SCHEDULES: Mapping[str, Schedule] = {
    # Objects only: a mistake costs an hour's changes.
    "hourly": Schedule(cron="10 * * * *", hours=2 * 24, volumes=False),
    "daily": Schedule(cron="30 2 * * *", hours=30 * 24, volumes=True),
    "weekly": Schedule(cron="30 4 * * 0", hours=90 * 24, volumes=True),
}


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    del deployment, naming
    return {
        "snapshot_class": SNAPSHOT_CLASS,
        "driver": DRIVER,
        "schedules": {name: schedule.values() for name, schedule in SCHEDULES.items()},
    }


VELERO = Component(
    name="velero",
    purpose="Backups of the cluster's objects and volumes",
    chart="velero",
    pods=(
        # No node agent: a pod with root and the host's paths on every node, which copies volumes into the bucket.
        # Volumes are few here (databases are Aurora's), and their snapshots already lie in S3, across zones.
        Pods(
            name="server",
            # Of the Deployment's selector; "name: velero", which the Service's has beside them, isn't.
            labels={"app.kubernetes.io/name": "velero", "app.kubernetes.io/instance": "velero"},
            # The chart knows one replica: two would write the same backup.
            containers={"velero": Container(cpu=100, mib=256, limit_mib=Sized(ha=512, large=1024))},
            metrics=8085,
            # Snapshots are made by the EBS driver: Velero itself calls S3 only.
            egress=(API_SERVER, POD_IDENTITY, aws("s3")),
            source="chart velero 12.1: no requests of its own; estimate. It holds the list of a backup's objects",
        ),
    ),
    images=(
        Image(name="velero", upstream="docker.io/velero/velero", tag="v1.18.1"),
        # One minor of the plugin goes with one of Velero (velero-plugin-for-aws, README, "Compatibility").
        Image(name="plugin", upstream="docker.io/velero/velero-plugin-for-aws", tag="v1.14.0"),
    ),
    identities=("velero-sa",),
    own_charts=(OwnChart(name="velero-snapshots", order="before"),),
    context=_context,
)
