"""The real engines keep to a lock of providers: what it doesn't name, or names by another hash, isn't taken."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from idp.cli import app
from idp.engine import Engine
from idp.errors import OperationError
from idp.operation import Operation
from idp.output import stacks_of
from idp.providers import LOCK_FILE, REGISTRIES, Lock, engine_of
from idp.workspace import Workspace
from sandbox.mirror import PROVIDER, cli_config
from tools import build

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
TERRAFORM = shutil.which("terraform")
OTHER = pytest.param(TERRAFORM, id="terraform", marks=pytest.mark.skipif(not TERRAFORM, reason="no Terraform on PATH"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """One stack, which needs AWS's provider and has its state beside it."""
    directory = tmp_path / "out" / "stacks" / "idp-account"
    directory.mkdir(parents=True)
    tags = {"aws": [{"default_tags": [{"tags": {"deployment": "idp"}}]}]}
    document = {"terraform": {"required_providers": {"aws": PROVIDER}}, "provider": tags}
    (directory / "cdk.tf.json").write_text(json.dumps(document))
    listed = {"idp-account": {"synthesizedStackPath": "stacks/idp-account/cdk.tf.json", "dependencies": []}}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({"stacks": listed}))
    return tmp_path / "out"


@pytest.mark.parametrize("given", [pytest.param(None, id="tofu"), OTHER])
def test_an_engine_keeps_to_the_lock(
    given: str | None, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Path(given) if given else build.program("tofu")
    locks = tmp_path / "providers"
    monkeypatch.setenv("IDP_PROVIDERS", str(locks))
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(cli_config(tmp_path)))
    here = re.search(r"(\w+_\w+)$", str(next((tmp_path / "mirror").glob("*/hashicorp/aws/*/*"))))
    assert here is not None
    options = ["--out", str(out), "--engine", str(program)]
    command = ["providers", "lock", *options, "--work", str(tmp_path / "idp" / "work"), "--platform", here[1]]
    made = CliRunner().invoke(app, [*command, "--mirror", str(tmp_path / "mirror")])
    assert made.exit_code == 0, f"{made.output} {made.exception}"
    lock = Lock(engine=engine_of(program), directory=locks)
    ((address, entry),) = lock.entries().items()
    assert address == f"{REGISTRIES[lock.engine]}/hashicorp/aws" and entry.version == "5.100.0"

    runner = Engine(program=program, environment=dict(os.environ), report=lambda _: None)
    workspace = Workspace(root=tmp_path / "work")
    operation = Operation(engine=runner, workspace=workspace, stacks=stacks_of(out, "idp"), locks=locks)
    directory = operation.init(operation.stacks[0])
    assert (directory / LOCK_FILE).read_text(encoding="utf-8") == lock.part({"aws": PROVIDER})

    hashes = "".join(f'    "{each}",\n' for each in entry.hashes)
    forged = lock.text.replace(hashes, f'    "h1:{"A" * 43}=",\n')
    assert forged != lock.text
    lock.path.write_text(forged, encoding="utf-8")
    shutil.rmtree(directory / ".terraform")
    with pytest.raises(OperationError, match="checksums"):
        operation.init(operation.stacks[0])
