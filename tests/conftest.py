"""Fixtures that all tests share."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from config.deployment import Deployment
from config.loader import FURTHER_FILES, load, load_one
from tests.rungs import is_left_out
from tests.synth import StackJson, Synth

ROOT = Path(__file__).resolve().parent.parent

# Tests start programs of Go hundreds of times, for a second or two each: collecting their garbage less often saves a
# fifth of the processor time, for half as much memory again.
os.environ.setdefault("GOGC", "400")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import only the files of the rung that ``-m`` asks for."""
    return True if is_left_out(collection_path, config.option.markexpr) else None


@pytest.fixture(scope="session")
def shipped_context() -> dict[str, Any]:
    """The context of the shipped cdktf.json: its own deployment, without the further files that it names, and without
    the account of theirs whose registry it fills."""
    context: dict[str, Any] = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))["context"]
    left = (FURTHER_FILES, "deployment:shared:replicationAccounts")
    return {key: value for key, value in context.items() if key not in left}


@pytest.fixture
def deployment_with(shipped_context: dict[str, Any]) -> Callable[..., Deployment]:
    """Build a deployment from the shipped one: ``deployment_with({"deployment:vpc:natGateways": "none"})``."""

    def build(changes: dict[str, Any] | None = None) -> Deployment:
        keys = shipped_context | (changes or {})
        return load_one({k: v for k, v in keys.items() if v is not None}, source="test.json")

    return build


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """The shipped deployments, synthesized once per test session and shared by all workers."""
    from constructs_lib.synth import synthesize
    from stacks.layers import build

    # Workers have a directory each below the session's own; without workers the parent would outlive the session.
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shipped-{sys.version_info.minor}"
    out = shared / "cdktf.out"
    with FileLock(f"{shared}.lock"):
        if not out.exists():
            scratch = tmp_path_factory.mktemp("synth")
            synthesize(load(ROOT / "cdktf.json"), build, scratch)
            shutil.copytree(scratch, out)
    return Synth(out)


@pytest.fixture(scope="session")
def everything_on(shipped_context: dict[str, Any]) -> Deployment:
    """The shipped deployment with every component on, the optional ones too."""
    on = {name: {"enabled": True} for name in ("crossplane", "falco", "velero")}
    components = shipped_context["deployment:components"] | on
    keys = shipped_context | {"deployment:components": components, "deployment:ingress:waf": True}
    return load_one(keys, source="test.json")


@pytest.fixture(scope="session")
def everything(everything_on: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """The shipped deployment with every component on, the optional ones too."""
    from constructs_lib.synth import synthesize
    from stacks.layers import build

    out = tmp_path_factory.mktemp("everything")
    synthesize([everything_on], build, out)
    return Synth(out)


@pytest.fixture(scope="session")
def encrypted_on(shipped_context: dict[str, Any]) -> Deployment:
    """The shipped deployment with TLS from load balancers to pods, by certificates of the cluster's own authority."""
    transit = {"deployment:transit:toPods": True, "deployment:transit:issuer": "cluster"}
    return load_one(shipped_context | transit, source="test.json")


@pytest.fixture(scope="session")
def encrypted(encrypted_on: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """``encrypted_on``: every component that has a host is on."""
    from constructs_lib.synth import synthesize
    from stacks.layers import build

    out = tmp_path_factory.mktemp("encrypted")
    synthesize([encrypted_on], build, out)
    return Synth(out)


@pytest.fixture(scope="session")
def teams(shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """Layer ``teams`` of the shipped deployment with the teams of ``tests.teams``."""
    from constructs_lib.synth import render, write
    from tests.teams import ALPHA, BETA, layer

    keys = shipped_context | {"deployment:teams": [ALPHA, BETA]}
    out = tmp_path_factory.mktemp("teams")
    write(render([load_one(keys, source="test.json")], layer), out)
    return Synth(out)


@pytest.fixture(scope="session")
def previews(shipped_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """Layer ``teams`` of the shipped deployment with the team of ``tests.teams`` that has previews."""
    from constructs_lib.synth import render, write
    from tests.teams import GAMMA, GITHUB_APP, layer

    keys = shipped_context | GITHUB_APP
    out = tmp_path_factory.mktemp("previews")
    write(render([load_one(keys | {"deployment:teams": [GAMMA]}, source="test.json")], layer), out)
    return Synth(out)


@pytest.fixture(scope="session")
def synth_stack() -> Callable[..., StackJson]:
    """Synthesize single stacks of a deployment: ``synth_stack(VpcStack, deployment)`` returns the last one's JSON."""
    from constructs_lib.engine import App
    from constructs_lib.stack import PlatformStack
    from constructs_lib.synth import documents, render

    def run(*arguments: Any) -> StackJson:
        kinds: tuple[type[PlatformStack], ...] = arguments[:-1]
        deployment: Deployment = arguments[-1]

        def build(app: App, which: Deployment) -> list[PlatformStack]:
            return [kind(app, which) for kind in kinds]

        name = f"{deployment.id}-{kinds[-1].stack}" if kinds[-1].layer == "bootstrap" else None
        found = documents(render([deployment], build))
        name = name or f"{deployment.id}-{kinds[-1].layer}-{kinds[-1].stack}"
        return StackJson(name, found[name])

    return run
