"""Keys of the deployment that the table is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from config.deployment import Deployment

Build = Callable[..., Deployment]
# One team that asked for all that a team may ask for, and one that asked for nothing.
TEAMS: list[dict[str, Any]] = [
    {
        "name": "alpha",
        "size": "small",
        "members": ["octocat"],
        "sources": ["example-org/shop"],
        "internet": True,
        # The database's subnets.
        "egress": [{"cidr": "10.100.192.0/19", "ports": [5432]}],
    },
    {"name": "beta", "size": "small", "members": ["octocat"]},
]


def keys(shipped: Mapping[str, Any], components: Iterable[str]) -> dict[str, Any]:
    """The shipped file with every one of ``components`` on, and ``TEAMS``."""
    stated = shipped["deployment:components"]
    return {name: value for name, value in shipped.items() if name != "deployments"} | {
        "deployment:components": {name: {"enabled": True} for name in components} | stated,
        "deployment:teams": TEAMS,
        "deployment:github:app": {"id": "123456", "installation": "12345678"},
    }
