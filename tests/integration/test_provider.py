"""Rung 3: every stack against the real AWS provider: its schema, and the engine's own validation."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.loader import load_one
from constructs_lib.synth import STACK_FILE, documents, render
from sandbox.environment import environment
from sandbox.mirror import cli_config
from sandbox.unapplied import filtered_copy
from stacks.foundation.vpc import VpcStack
from tests.provider_schema import stack_problems
from tests.synth import Synth
from tools import build as tools

pytestmark = pytest.mark.integration

REQUIRED = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}}}}


def run(directory: Path, config: Path, *arguments: str) -> str:
    tofu = tools.tofu()
    assert tofu is not None, "tofu is not built; run `make tools`"
    # Port 9 answers nobody: neither init nor validate may call AWS.
    variables = environment(9, os.environ) | {"TF_CLI_CONFIG_FILE": str(config)}
    finished = subprocess.run(
        [str(tofu), *arguments], cwd=directory, env=variables, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cli_config(tmp_path_factory.mktemp("mirror"))


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, config: Path) -> Mapping[str, Any]:
    """The AWS provider's schema, printed by the provider itself."""
    directory = tmp_path_factory.mktemp("schema")
    (directory / "main.tf.json").write_text(json.dumps(REQUIRED))
    run(directory, config, "init", "-input=false")
    schemas = json.loads(run(directory, config, "providers", "schema", "-json"))["provider_schemas"]
    found: Mapping[str, Any] = next(schema for name, schema in schemas.items() if name.endswith("hashicorp/aws"))
    return found


def test_every_argument_is_known_to_the_provider(shipped: Synth, provider: Mapping[str, Any]) -> None:
    found = [f"{s.name}: {p}" for s in shipped.stacks() for p in stack_problems(provider, s.document, "aws_")]
    assert not found, "\n".join(found)


def test_every_stack_validates(shipped: Synth, config: Path, tmp_path: Path) -> None:
    """Without the parts of providers that sandbox/unapplied.yaml names: their binaries may not be to be had.

    As modules of one root, which the engine allows for tests: it reads the provider's schema, most of the time, once.
    """
    filtered_copy(shipped.directory, tmp_path)
    modules = {stack.name: {"source": f"./stacks/{stack.name}"} for stack in shipped.stacks()}
    (tmp_path / "main.tf.json").write_text(json.dumps({"module": modules}))
    run(tmp_path, config, "init", "-backend=false", "-input=false")
    assert "The configuration is valid" in run(tmp_path, config, "validate", "-no-color")


def test_a_misspelt_argument_is_no_valid_stack(shipped: Synth, config: Path, tmp_path: Path) -> None:
    document = copy.deepcopy(shipped.stack("idp-foundation-vpc").document)
    document["resource"]["aws_vpc"]["vpc"]["cidr_blok"] = "10.0.0.0/16"
    (tmp_path / STACK_FILE).write_text(json.dumps(document, indent=1), encoding="utf-8")
    run(tmp_path, config, "init", "-backend=false", "-input=false")
    with pytest.raises(AssertionError, match="cidr_blok"):
        run(tmp_path, config, "validate")


def test_what_a_stack_takes_over_validates(shipped_context: dict[str, Any], config: Path, tmp_path: Path) -> None:
    """The engine reads blocks of import and moved as such: it would refuse an address or an id that is neither."""
    vpc = "idp-foundation-vpc"
    keys = {
        "deployment:adopt:import": {vpc: {"aws_vpc.vpc": "vpc-0123456789abcdef0"}},
        "deployment:adopt:moved": {
            vpc: {"aws_subnet.private_us_west_2a": 'module.vpc.aws_subnet.private["us-west-2a"]'}
        },
    }
    deployment = load_one(shipped_context | keys, source="test.json")
    document = documents(render([deployment], lambda app, which: [VpcStack(app, which)]))[vpc]
    (tmp_path / STACK_FILE).write_text(json.dumps(document))
    run(tmp_path, config, "init", "-backend=false", "-input=false")
    run(tmp_path, config, "validate")
    document["import"][0]["to"] = "aws_vpc"
    (tmp_path / STACK_FILE).write_text(json.dumps(document, indent=1))
    with pytest.raises(AssertionError, match="Invalid address"):
        run(tmp_path, config, "validate")
