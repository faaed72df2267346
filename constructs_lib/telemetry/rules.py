"""Which files of alert rules a deployment has: those of what it runs. Pure: imports no engine.

The rules themselves are plain rule files of Prometheus in chart ``platform-rules``, so that promtool tests them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from config.deployment import Deployment
from constructs_lib.components.component import Component

FOLDER = Path(__file__).resolve().parent.parent.parent / "charts" / "platform-rules" / "rules"
# Files that aren't named after a component: what the cluster says of itself, and what each node's exporter says.
CLUSTER, NODES = "cluster", "nodes"


def rules(deployment: Deployment, components: Mapping[str, Component]) -> list[str]:
    """Names of the files, sorted, without their ending."""
    there = {path.stem for path in FOLDER.glob("*.yaml")}
    wanted = {CLUSTER, *components}
    agent = components.get("grafana-agent")
    if agent is not None and agent.row("node-exporter").when(deployment):
        wanted.add(NODES)
    return sorted(there & wanted)
