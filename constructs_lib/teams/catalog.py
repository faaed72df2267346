"""A team in Backstage's catalog: a Group, and a User for each member. Pure: imports no engine.

Backstage finds the file by its provider awsS3 (Backstage documentation, "AWS S3 Discovery").
"""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from config.teams import Team
from constructs_lib.helm.blocks import block
from constructs_lib.teams.names import owner

# Below it, one object for each team; TechDocs' own keys start with a namespace and a kind.
PREFIX = "catalog/teams/"
_API = "backstage.io/v1alpha1"


def entities(deployment: Deployment, team: Team) -> str:
    """The file of ``team``, one YAML document for each entity.

    Whoever is in two teams stands in both files with the same words: the Group says who belongs to it, so it doesn't
    matter which file Backstage takes the User from.
    """
    group = {
        "apiVersion": _API,
        "kind": "Group",
        "metadata": {"name": team.name, "annotations": {"platform/deployment": deployment.id}},
        "spec": {
            "type": "team",
            "profile": {"displayName": team.name, "email": owner(deployment, team)},
            "children": [],
            "members": list(team.members),
        },
    }
    documents = [group, *(_user(member) for member in team.members)]
    return "\n---\n".join(str(block(each)) for each in documents) + "\n"


def _user(name: str) -> dict[str, Any]:
    return {
        "apiVersion": _API,
        "kind": "User",
        "metadata": {"name": name, "annotations": {"github.com/user-login": name}},
        "spec": {"profile": {"displayName": name}, "memberOf": []},
    }
