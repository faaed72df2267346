"""Two teams for tests: one with everything that an entry can say, one with the least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from stacks.teams.shared import TeamsSharedStack
from stacks.teams.team import team_stacks

ALPHA: dict[str, Any] = {
    "name": "alpha",
    "size": "small",
    "members": ["octocat", "hubot"],
    "groups": ["example-org:alpha"],
    "viewerGroups": ["example-org:readers"],
    "developerRoles": ["arn:aws:iam::111122223333:role/AWSReservedSSO_Alpha_0123456789abcdef"],
    "viewerRoles": ["arn:aws:iam::111122223333:role/readers"],
    "owner": "alpha@example.com",
    "costCenter": "4711",
    "monthlyBudgetUsd": 500,
    "repositories": ["web", "charts/web"],
    "sources": ["example-org/Web.App", "example-org/jobs"],
    "secrets": ["database"],
    "internet": True,
    "egress": [{"cidr": "10.100.192.0/19", "ports": [5432]}, {"cidr": "168.0.0.0/6", "ports": [443, 8443]}],
}
BETA: dict[str, Any] = {"name": "beta", "quotas": {"cpu": "8", "memory": "16Gi"}, "members": ["octocat"]}

# A team with previews, and the key that it needs beside the shipped ones.
GAMMA: dict[str, Any] = {
    "name": "gamma",
    "size": "small",
    "members": ["octocat"],
    "groups": ["example-org:gamma"],
    "viewerGroups": ["example-org:readers"],
    "sources": ["example-org/Web.App", "example-org/jobs", "example-org/docs"],
    "previews": ["example-org/Web.App", "example-org/jobs"],
}
GITHUB_APP = {"deployment:github:app": {"id": "123456", "installation": "7654321"}}


def layer(app: App, deployment: Deployment) -> Sequence[PlatformStack]:
    """The stacks of layer ``teams``, without those that they read."""
    return [TeamsSharedStack(app, deployment), *(each.make(app, deployment) for each in team_stacks(deployment))]
