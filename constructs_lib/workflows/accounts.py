"""Service accounts of the steps of workflows, by what a step may do. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Mapping

# Publishes: pushes to the namespace's own repositories, and signs.
EXECUTOR = "argo-workflows-executor"
# Has to do with a registry, and changes nothing there.
READER = "workflows-reader"
# Runs what a repository says: nothing but its artifacts.
BUILDER = "workflows-builder"
# Account → row of constructs_lib/iam/rows. They are in ``argo`` and in every team's namespace.
ROLES: Mapping[str, str] = {EXECUTOR: "argo-executor-sa", READER: "argo-reader-sa", BUILDER: "argo-builder-sa"}
