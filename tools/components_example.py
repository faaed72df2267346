"""The deployments that the page of components speaks of: the example of ``cdktf.json``, every component switched on."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from config.generated import ROOT
from config.loader import load_one
from config.sizing import SIZINGS, SizingProfile
from constructs_lib.components.registry import CATALOG

SHIPPED: SizingProfile = "ha"


def shipped_context() -> dict[str, Any]:
    """The keys of the example."""
    context: dict[str, Any] = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))["context"]
    return {key: value for key, value in context.items() if key != "deployments"}


def example(profile: SizingProfile = SHIPPED) -> Deployment:
    """The example with every component of the registry on, in a sizing profile."""
    context = shipped_context()
    domain = context["platform:domain"]
    on = {
        name: {"enabled": True} | ({"domain": f"{name}.{domain}"} if component.host else {})
        for name, component in CATALOG.items()
    }
    keys = {"deployment:components": on | context["deployment:components"], "deployment:sizing": profile}
    return load_one(context | keys, source="cdktf.json")


@functools.cache
def profiles() -> Mapping[SizingProfile, Deployment]:
    """The example by profile."""
    return {profile: example(profile) for profile in SIZINGS}
