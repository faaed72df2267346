"""The shipped deployments and their output, made once for all generated pages of one process."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from config.deployment import Deployment
from config.generated import ROOT
from config.loader import load_unlocked


@functools.cache
def deployments() -> tuple[Deployment, ...]:
    """Of cdktf.json, whatever their lock says."""
    return tuple(deployment for _, deployment in load_unlocked(ROOT / "cdktf.json"))


@functools.cache
def files() -> Mapping[str, str]:
    """Relative path → text of what the shipped deployments synthesize to."""
    from constructs_lib.synth import render
    from stacks.layers import build

    return render(deployments(), build)
