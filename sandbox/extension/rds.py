"""What moto's RDS accepts and doesn't give back, or gives back without having been told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Request parameter → attribute that answers are made of (RDS API reference, CreateDBInstance and DBInstance).
INSTANCE = {
    "enable_performance_insights": "performance_insights_enabled",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
}
CLUSTER = {
    "database_insights_mode": "database_insights_mode",
    "engine_lifecycle_support": "engine_lifecycle_support",
}


def patch() -> None:
    from moto.rds.models import DBCluster, DBInstance, RDSBackend

    _deletion(RDSBackend)
    _remember(DBInstance, INSTANCE)
    _remember(DBCluster, CLUSTER)
    DBCluster.scaling_configuration_info = property(_scaling)


def _deletion(backend: Any) -> None:
    original = backend.delete_db_cluster

    def delete_db_cluster(self: Any, cluster_identifier: str, snapshot_name: str | None = None) -> Any:
        """Automated backups go with their cluster (RDS API reference, DeleteDBCluster, DeleteAutomatedBackups)."""
        cluster = original(self, cluster_identifier, snapshot_name)
        for name, snapshot in list(self.cluster_snapshots.items()):
            if snapshot.snapshot_type == "automated" and snapshot.cluster.db_cluster_identifier == cluster_identifier:
                del self.cluster_snapshots[name]
        return cluster

    backend.delete_db_cluster = delete_db_cluster


def _remember(kind: Any, names: Mapping[str, str]) -> None:
    """Let ``kind`` keep the parameters ``names`` of its creation as attributes."""
    original = kind.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        for parameter, attribute in names.items():
            if kwargs.get(parameter) is not None:
                setattr(self, attribute, kwargs[parameter])

    kind.__init__ = __init__


def _scaling(cluster: Any) -> Any:
    """Serverless v1 settings: other clusters have none (RDS API reference, DBCluster, ScalingConfigurationInfo)."""
    given = cluster.scaling_configuration
    names = {"MinCapacity": "min_capacity", "MaxCapacity": "max_capacity", "AutoPause": "auto_pause"}
    return {name: given.get(key) for name, key in names.items()} if given else None
