"""A kept release's states behind the local AWS server, and today's JSON planned on them by the real engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config.deployment import Deployment
from constructs_lib.synth import STACK_FILE, synthesize
from idp.diff.guard import is_guarded
from idp.diff.model import LOSING, Diff, Entry
from idp.diff.plans import planned
from idp.engine import Engine
from idp.operation import QUIET, Operation
from idp.output import Stack, stacks_of
from idp.walk import unordered
from idp.workspace import Workspace
from sandbox import process
from sandbox.cycle import JOBS, PARALLELISM, Sandbox
from sandbox.given import provide
from sandbox.inventory import client_of
from sandbox.mirror import cli_config
from sandbox.unapplied import Unapplied, filtered_copy
from stacks.layers import build
from tests.integration.conftest import change
from tools.snapshot import Snapshot

# What the states hold isn't on this server: nothing is refreshed. The lock table isn't there either.
PLAN = ("plan", *QUIET, "-json", "-refresh=false", "-lock=false", f"-parallelism={PARALLELISM}", "-out", "tfplan")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """States of a release on a server. ``scratch`` takes outputs and plans."""

    snapshot: Snapshot
    sandbox: Sandbox
    scratch: Path

    def guarded(self, deployment: Deployment) -> list[str]:
        """Stacks of ``deployment`` that hold data, keys or what people put in, by the kept states."""
        tags = {name: _deployment_of(document) for name, document in self.snapshot.documents.items()}
        return [
            name
            for name, state in sorted(self.snapshot.states.items())
            if tags[name] == deployment.id and any(is_guarded(kind, {}) for kind in _kinds(state))
        ]

    def changed(self, out: Path, stacks: Sequence[str]) -> list[str]:
        """Of ``stacks``, those whose JSON in ``out`` isn't that of the release."""
        was = {name: Unapplied.listed().without(self.snapshot.documents[name]) for name in stacks}
        found = {name: json.loads(_text(out, name) or "{}") for name in stacks}
        return [name for name in stacks if found[name] and was[name] != found[name]]

    def output(self, name: str, deployments: Sequence[Deployment]) -> Path:
        """The JSON of ``deployments`` as today's code makes it, without what the server can't hold."""
        target = self.scratch / name
        if not target.exists():
            whole = self.scratch / f"{name}-whole"
            synthesize(deployments, build, whole)
            filtered_copy(whole, target)
        return target

    def edited(self, name: str, out: Path, stack: str, how: Callable[[dict[str, Any]], None]) -> Path:
        """A copy of the output ``out``, called ``name``, in which the JSON of ``stack`` was changed."""
        target = self.scratch / name
        shutil.copytree(out, target)
        change(target, stack, how)
        return target

    def plan(
        self, name: str, out: Path, deployment: Deployment, stacks: Sequence[str], mirror: Path | None = None
    ) -> list[Entry]:
        """What plans of ``stacks``, with the JSON of ``out``, do to the kept states. Raises what the engine refuses.

        ``mirror`` holds other providers than the sandbox's; they get working copies of their own.
        """
        plans = self.plans(name)
        plans.mkdir()
        operation = self.operation(out, deployment)
        if mirror is not None:
            own = self.scratch / f"{name}-mirror"
            variables = {**operation.engine.environment, "TF_CLI_CONFIG_FILE": str(cli_config(own, mirror))}
            engine = replace(operation.engine, environment=variables)
            operation = replace(operation, engine=engine, workspace=Workspace(root=self.scratch / f"{name}-work"))
        chosen = operation.chosen(stacks)
        operation.each(chosen, unordered(chosen), lambda stack: _plan(operation, stack, plans))
        diff = planned(Diff(deployments=()), plans, dict.fromkeys(stacks, deployment.id))
        return list(diff.entries())

    def plans(self, name: str) -> Path:
        """Where ``plan`` puts plans as JSON, ``<stack>.json``."""
        return self.scratch / f"{name}-plans"

    def operation(self, out: Path, deployment: Deployment) -> Operation:
        variables = self.sandbox.environment(deployment.platform.account)
        engine = Engine(program=self.sandbox.program, environment=variables)
        workspace = Workspace(root=self.sandbox.directory / "work")
        return Operation(engine=engine, workspace=workspace, stacks=stacks_of(out, deployment.id), jobs=JOBS)


@contextmanager
def restored(snapshot: Snapshot, deployments: Sequence[Deployment], sandbox: Sandbox) -> Iterator[Kept]:
    """A server whose state buckets hold the kept states of ``deployments``, each under its stack's own backend."""
    sandbox.start()
    try:
        for deployment in deployments:
            environment = sandbox.environment(deployment.platform.account)
            provide(deployment, environment)
            put(snapshot, deployment, environment)
        scratch = sandbox.directory / "upgrades"
        scratch.mkdir()
        yield Kept(snapshot=snapshot, sandbox=sandbox, scratch=scratch)
    finally:
        process.stop(sandbox.directory)


def put(snapshot: Snapshot, deployment: Deployment, environment: Mapping[str, str]) -> None:
    s3 = client_of("s3", environment)
    for name, state in snapshot.states.items():
        document = snapshot.documents[name]
        if _deployment_of(document) != deployment.id:
            continue
        backend = document["terraform"]["backend"]["s3"]
        if backend["bucket"] not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            s3.create_bucket(
                Bucket=backend["bucket"], CreateBucketConfiguration={"LocationConstraint": backend["region"]}
            )
        s3.put_object(Bucket=backend["bucket"], Key=backend["key"], Body=json.dumps(state).encode())


def changed_stacks(before: Path, after: Path, deployment: str) -> list[str]:
    """Stacks of ``deployment`` whose JSON isn't the same in the two outputs."""
    return [
        stack.name
        for stack in stacks_of(after, deployment)
        if _text(before, stack.name) != (stack.directory / STACK_FILE).read_text(encoding="utf-8")
    ]


def losses(entries: Sequence[Entry]) -> list[str]:
    """What plans take away, or may, of what can't be made again."""
    return [f"{each.what}: {each.id}" for each in entries if each.is_guarded and each.what in LOSING]


def _plan(operation: Operation, stack: Stack, plans: Path) -> None:
    directory = operation.init(stack)
    operation.engine.run(directory, *PLAN)
    shown = operation.engine.run(directory, "show", "-json", "tfplan").text
    (plans / f"{stack.name}.json").write_text(shown, encoding="utf-8")


def _text(out: Path, stack: str) -> str:
    path = out / "stacks" / stack / STACK_FILE
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _kinds(state: Mapping[str, Any]) -> set[str]:
    return {resource["type"] for resource in state["resources"] if resource["mode"] == "managed"}


def _deployment_of(document: Mapping[str, Any]) -> str:
    found: str = document["provider"]["aws"][0]["default_tags"][0]["tags"]["deployment"]
    return found
