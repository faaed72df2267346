"""The peer of another engine: CDK EKS Blueprints in TypeScript (``tools/eks-blueprints``), installed by npm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from bench.measure import Program
from bench.programs import ROOT, environment
from tools.npm import install, node

SOURCE = ROOT / "tools" / "eks-blueprints"
HOME = ROOT / ".tools" / "eks-blueprints"
APP = ("app.ts", "cdk.json", "tsconfig.json")
# No call of AWS, and none of the engine's own notices and statistics.
OFFLINE = ("--no-lookups", "--no-notices", "--no-version-reporting", "--no-path-metadata")


def prepare(home: Path = HOME) -> None:
    """Install what the lock says, where it isn't there, and copy the app. Raises BuildError with npm's last words."""
    if not installed(home):
        print("bench: installing CDK EKS Blueprints (500 MB)", flush=True)
        install(SOURCE, home)
    for name in APP:
        shutil.copy(SOURCE / name, home / name)


def installed(home: Path) -> bool:
    """Whether npm has ended an installation of the lock as it is now: the hidden lock is what it writes last."""
    lock = home / "package-lock.json"
    ended = (home / "node_modules" / ".package-lock.json").exists()
    return ended and lock.read_bytes() == (SOURCE / "package-lock.json").read_bytes()


def by_command_line(scratch: Path, teams: int, home: Path = HOME) -> Program:
    """``cdk synth``, as the documentation says: the engine's command line, which has TypeScript's types checked."""
    command = [str(home / "node_modules" / ".bin" / "cdk"), "synth", "--quiet", *OFFLINE]
    command += ["--output", str(scratch / "blueprints")]
    label = f"CDK EKS Blueprints, cdk synth, {teams} teams"
    return Program(label=label, command=command, environment=_environment(home, teams), directory=home)


def by_node(scratch: Path, teams: int, home: Path = HOME) -> Program:
    """The same app in Node alone, which strips the types: less than anybody waits for who uses the peer."""
    variables = {**_environment(home, teams), "CDK_OUTDIR": str(scratch / "blueprints-node")}
    label = f"CDK EKS Blueprints, Node alone, {teams} teams"
    return Program(label=label, command=[str(node()), "app.ts"], environment=variables, directory=home)


def _environment(home: Path, teams: int) -> Mapping[str, str]:
    variables = environment()
    path = os.pathsep.join([str(home / "node_modules" / ".bin"), str(node().parent), variables["PATH"]])
    # A home of its own: the command line asks nobody for credentials and keeps nothing in the user's.
    own = {"PATH": path, "HOME": str(home), "TEAMS": str(teams), "AWS_EC2_METADATA_DISABLED": "true"}
    return {**variables, **own}
