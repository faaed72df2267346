"""What follows from the Aurora settings: parameter family, placement of instances, server parameters. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PORT = 5432
# Rows of the server log cost money and may show data: connections, schema changes and slow statements are kept.
SLOW_STATEMENT_MILLISECONDS = 1000

# Cluster parameters. Source: Aurora User Guide, "Securing Aurora PostgreSQL data with SSL/TLS" (rds.force_ssl,
# ssl_min_protocol_version), and PostgreSQL documentation, "Error Reporting and Logging".
PARAMETERS: dict[str, str] = {
    "log_connections": "1",
    "log_disconnections": "1",
    "log_min_duration_statement": str(SLOW_STATEMENT_MILLISECONDS),
    "log_statement": "ddl",
    "rds.force_ssl": "1",
    "ssl_min_protocol_version": "TLSv1.2",
}


@dataclass(frozen=True, kw_only=True)
class Placement:
    """One instance. ``tier`` is its failover priority: lower goes first."""

    number: int
    zone: str
    tier: int


def parameter_family(engine_version: str) -> str:
    """The parameter group family of an engine version: ``17.7`` is ``aurora-postgresql17``."""
    return f"aurora-postgresql{engine_version.split('.')[0]}"


def placements(readers: int, zones: Sequence[str]) -> tuple[Placement, ...]:
    """One writer and ``readers`` readers, spread over ``zones`` in turn.

    Instances are numbered, not called writer and reader: a failover swaps the parts. Tiers 0 and 1 scale together with
    the writer, so that a failover doesn't land on an instance that is too small (Aurora User Guide, "Choosing the
    promotion tier for an Aurora Serverless v2 reader"); further readers scale by their own load.
    Raises ValueError for a negative number of readers or no zones.
    """
    if readers < 0 or not zones:
        raise ValueError(f"needs at least one zone and no negative readers: {readers} readers, zones {list(zones)}")
    return tuple(
        Placement(number=index + 1, zone=zones[index % len(zones)], tier=min(index, 2)) for index in range(readers + 1)
    )
