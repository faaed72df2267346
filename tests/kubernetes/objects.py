"""Small objects for tests of admission and quotas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def pod(name: str, security: Mapping[str, Any] | None = None, **requests: str) -> dict[str, Any]:
    """A pod that asks for ``requests``. Unless ``security`` says otherwise it is as restricted as can be."""
    restricted = {
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    resources = {"requests": requests, "limits": requests} if requests else {}
    container = {
        "name": "main",
        "image": "registry.example.com/x",
        "securityContext": dict(restricted if security is None else security),
        "resources": resources,
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}}


def quota(hard: Mapping[str, str]) -> dict[str, Any]:
    """A ResourceQuota named ``quota``."""
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota"}, "spec": {"hard": dict(hard)}}
