"""The platform itself in Backstage's catalog: a System, a Component for each capability, and who owns them. Pure.

Source of the fields: Backstage documentation, "Descriptor Format of Catalog Entities".
"""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from constructs_lib.helm.blocks import block

_API = "backstage.io/v1alpha1"


def entities(deployment: Deployment) -> str:
    """The file, one YAML document for each entity. Groups of teams are in the teams' own files."""
    from constructs_lib.components.registry import enabled

    owner = deployment.github.admin_team
    hosts = deployment.components.hosts()
    found = [_system(deployment, owner)]
    if owner not in {team.name for team in deployment.teams}:
        found.append(_group(owner))
    for name, component in sorted(enabled(deployment).items()):
        settings = hosts.get(name)
        found.append(_component(deployment, name, component.purpose, owner, settings.domain if settings else ""))
    return "\n---\n".join(str(block(each)) for each in found) + "\n"


def _system(deployment: Deployment, owner: str) -> dict[str, Any]:
    return {
        "apiVersion": _API,
        "kind": "System",
        "metadata": {"name": deployment.id, "description": f"Platform {deployment.id}, {deployment.environment}"},
        "spec": {"owner": f"group:default/{owner}"},
    }


def _group(name: str) -> dict[str, Any]:
    return {
        "apiVersion": _API,
        "kind": "Group",
        "metadata": {"name": name},
        "spec": {"type": "team", "children": [], "members": []},
    }


def _component(deployment: Deployment, name: str, purpose: str, owner: str, host: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "name": name,
        "description": purpose,
        # By which the Kubernetes plugin finds the pods.
        "annotations": {"backstage.io/kubernetes-label-selector": f"app.kubernetes.io/instance={name}"},
    }
    if host:
        metadata["links"] = [{"url": f"https://{host}", "title": host}]
    return {
        "apiVersion": _API,
        "kind": "Component",
        "metadata": metadata,
        "spec": {
            "type": "service",
            "lifecycle": deployment.environment,
            "owner": f"group:default/{owner}",
            "system": deployment.id,
        },
    }
