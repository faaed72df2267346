"""Locks of providers: each stack gets its part, an engine takes nothing else, and what is missing is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from idp import providers
from idp.cli import app
from idp.engine import Engine
from idp.errors import OperationError
from idp.operation import Operation
from idp.output import stacks_of
from idp.providers import LOCK_FILE, Lock, admits, engine_of
from idp.workspace import Workspace

AWS = {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}}
HELM = {"helm": {"source": "hashicorp/helm", "version": ">= 3.1.0, < 4.0.0"}}
# Writes a lock of all that the root asks for, as `providers lock` does; says what else it is told.
ENGINE = """#!/usr/bin/env python3
import json, pathlib, sys
here = pathlib.Path(".")
if sys.argv[1:2] == ["version"]:
    print("OpenTofu v1.12.6")
elif sys.argv[1:3] == ["providers", "lock"]:
    found = json.loads((here / "main.tf.json").read_text())["terraform"]["required_providers"]
    hashes = "".join(f'    "h1:{option[-5:-1]}00=",\\n' for option in sys.argv if option.startswith("-platform="))
    blocks = [
        f'provider "registry.opentofu.org/{each["source"]}" {{\\n'
        f'  version     = "{each["version"].split()[1].strip(",")}"\\n'
        f'  constraints = "{each["version"]}"\\n'
        f'  hashes = [\\n{hashes}    "zh:00",\\n  ]\\n}}\\n'
        for _, each in sorted(found.items())
    ]
    (here / ".terraform.lock.hcl").write_text("# by the engine\\n\\n" + "\\n".join(blocks))
else:
    (here / ".terraform").mkdir(exist_ok=True)
    print("told", *sys.argv[1:])
"""


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    program = tmp_path / "engine"
    program.write_text(ENGINE, encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two stacks: one needs AWS's provider, the other Helm's as well."""
    listed = {}
    for name, required in (("idp-account", AWS), ("idp-cluster-addons", {**AWS, **HELM})):
        directory = tmp_path / "out" / "stacks" / name
        directory.mkdir(parents=True)
        tags = {"aws": [{"default_tags": [{"tags": {"deployment": "idp"}}]}]}
        document = {"terraform": {"required_providers": required}, "provider": tags}
        (directory / "cdk.tf.json").write_text(json.dumps(document))
        listed[name] = {"synthesizedStackPath": f"stacks/{name}/cdk.tf.json", "dependencies": []}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({"stacks": listed}))
    return tmp_path / "out"


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the verbs look for locks; nothing is there."""
    directory = tmp_path / "providers"
    monkeypatch.setenv("IDP_PROVIDERS", str(directory))
    return directory


def run(out: Path, engine: Path, *arguments: str) -> tuple[int, str]:
    options = ["--out", str(out), "--engine", str(engine)]
    work = ["--work", str(out.parent / "idp" / "work")] if arguments[0] == "lock" else []
    found = CliRunner().invoke(app, ["providers", *arguments, *options, *work])
    return found.exit_code, found.output + str(found.exception or "")


def test_a_lock_is_made_of_all_that_the_output_needs_for_every_platform(out: Path, engine: Path, locks: Path) -> None:
    code, said = run(out, engine, "lock")
    assert code == 0, said
    found = Lock(engine="opentofu", directory=locks).entries()
    assert {name.rpartition("/")[2]: entry.version for name, entry in found.items()} == {
        "aws": "5.100.0",
        "helm": "3.1.0",
    }
    assert all(len([text for text in entry.hashes if text.startswith("h1:")]) == 3 for entry in found.values())
    assert run(out, engine, "check") == (0, f"providers/opentofu.lock.hcl: holds all that {out} needs\n")


def test_without_a_lock_it_is_said_and_nothing_changes(out: Path, engine: Path, locks: Path) -> None:
    code, said = run(out, engine, "check")
    assert code == 2 and "no providers/opentofu.lock.hcl: `init` takes what the registry has" in said
    assert "run `python -m idp providers lock` first" in run(out, engine, "place")[1]
    assert not list(out.rglob(LOCK_FILE)) and providers.locks() is None
    assert Lock(engine="opentofu", directory=locks).place(out) == ()


def test_what_a_lock_lacks_is_said_all_at_once(out: Path, engine: Path, locks: Path) -> None:
    run(out, engine, "lock", "--platform", "linux_amd64")
    lock = locks / "opentofu.lock.hcl"
    text = lock.read_text(encoding="utf-8").replace("hashicorp/helm", "hashicorp/other")
    lock.write_text(text.replace('version     = "5.100.0"', 'version     = "7.0.0"'), encoding="utf-8")
    code, said = run(out, engine, "check")
    assert code == 1
    assert "hashicorp/aws is 7.0.0, and the JSON admits >= 5.100.0, < 7.0.0" in said
    assert "hashicorp/aws has hashes for 1 of 3 platforms" in said
    lock.write_text(text, encoding="utf-8")
    assert "registry.opentofu.org/hashicorp/helm isn't there" in run(out, engine, "check")[1]


@pytest.mark.usefixtures("locks")
def test_each_stack_gets_its_part_and_no_more(out: Path, engine: Path) -> None:
    run(out, engine, "lock")
    assert run(out, engine, "place")[0] == 0
    small = (out / "stacks" / "idp-account" / LOCK_FILE).read_text(encoding="utf-8")
    large = (out / "stacks" / "idp-cluster-addons" / LOCK_FILE).read_text(encoding="utf-8")
    assert small.count("provider ") == 1 and "hashicorp/aws" in small and "hashicorp/helm" not in small
    assert large.count("provider ") == 2 and small.split("\n\n")[1].strip() in large


@pytest.mark.usefixtures("locks")
def test_an_operation_places_the_lock_and_lets_the_engine_change_nothing(
    out: Path, engine: Path, tmp_path: Path
) -> None:
    stacks = stacks_of(out, "idp")
    made = {
        "engine": Engine(program=engine, environment={"PATH": "/usr/bin:/bin"}, report=lambda _: None),
        "workspace": Workspace(root=tmp_path / "work"),
        "stacks": stacks,
    }
    log = Operation(**made).init(stacks[0]) / "engine.log"  # type: ignore[arg-type]
    assert "-lockfile" not in log.read_text(encoding="utf-8")
    run(out, engine, "lock")
    # Another lock, another init; the same one, none.
    for _ in range(2):
        directory = Operation(**made, locks=providers.locks()).init(stacks[0])  # type: ignore[arg-type]
    assert log.read_text(encoding="utf-8").count("told init") == 2
    assert "told init -input=false -no-color -lockfile=readonly -reconfigure" in log.read_text(encoding="utf-8")
    assert "hashicorp/aws" in (directory / LOCK_FILE).read_text(encoding="utf-8")


def test_a_lock_that_lacks_a_provider_stops_an_operation_before_the_engine_runs(
    out: Path, engine: Path, locks: Path, tmp_path: Path
) -> None:
    locks.mkdir()
    entry = (
        'provider "registry.opentofu.org/hashicorp/helm" {\n  version = "3.1.0"\n  hashes = [\n    "zh:00",\n  ]\n}\n'
    )
    (locks / "opentofu.lock.hcl").write_text(entry, encoding="utf-8")
    stacks = stacks_of(out, "idp")
    runner = Engine(program=engine, environment={"PATH": "/usr/bin:/bin"})
    running = Operation(engine=runner, workspace=Workspace(root=tmp_path / "work"), stacks=stacks, locks=locks)
    with pytest.raises(OperationError, match="hashicorp/aws isn't there\n.*review the difference"):
        running.init(stacks[0])
    assert not (tmp_path / "work" / stacks[0].name / "engine.log").exists()


@pytest.mark.parametrize(
    ("constraints", "version", "held"),
    [
        (">= 5.100.0, < 7.0.0", "5.100.0", True),
        (">= 5.100.0, < 7.0.0", "6.28.0", True),
        (">= 5.100.0, < 7.0.0", "5.99.1", False),
        (">= 5.100.0, < 7.0.0", "7.0.0", False),
        ("5.100.0", "5.100.0", True),
        ("= 5.100.0, != 5.100.0", "5.100.0", False),
        ("", "1.0.0", True),
    ],
)
def test_a_version_is_compared_by_numbers(constraints: str, version: str, held: bool) -> None:
    assert admits(constraints, version) is held


@pytest.mark.parametrize(("constraints", "version"), [("~> 5.0", "5.1.0"), (">= 5.0.0", "5.1.0-beta1")])
def test_a_constraint_of_another_kind_is_refused(constraints: str, version: str) -> None:
    with pytest.raises(OperationError, match="isn't understood"):
        admits(constraints, version)


def test_another_program_is_neither_engine(tmp_path: Path) -> None:
    program = tmp_path / "other"
    program.write_text("#!/bin/sh\necho other\n")
    program.chmod(0o755)
    with pytest.raises(OperationError, match="neither OpenTofu nor Terraform"):
        engine_of(program)
