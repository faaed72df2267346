"""The sandbox's cycle: synthesize, bootstrap, apply everything, plan again; destroy, and show that nothing is left."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.deployment import Deployment
from config.loader import load
from constructs_lib.synth import synthesize
from idp import apply as applying
from idp.bootstrap import bootstrap
from idp.engine import Engine
from idp.errors import OperationError
from idp.operation import Operation
from idp.output import MANIFEST, read_output, stacks_of
from idp.teardown import teardown
from idp.workspace import Workspace
from sandbox import inventory, process
from sandbox.environment import environment, refuse_elsewhere
from sandbox.given import provide
from sandbox.mirror import cli_config
from sandbox.unapplied import Unapplied, filtered_copy
from stacks.layers import build

# The server answers in milliseconds; what takes time are the provider's own waits, which run side by side.
PARALLELISM = 30
JOBS = 3
TIMEOUT_SECONDS = 20 * 60


@dataclass(frozen=True, kw_only=True)
class Share:
    """Addresses really applied, of ``total`` resources; ``elsewhere`` more are of providers proven in other rungs."""

    applied: list[str]
    total: int
    elsewhere: int

    @property
    def percent(self) -> int:
        return 100 * len(self.applied) // self.total if self.total else 100

    def __str__(self) -> str:
        more = f"; {self.elsewhere} of other providers are not" if self.elsewhere else ""
        return f"{len(self.applied)} of {self.total} AWS resources really applied ({self.percent} %){more}"


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """One sandbox below ``directory``, applied by ``program``; ``config`` is the cdktf.json.

    ``only`` is the id of one of its deployments; all of them without. They share the server: each has its account.
    """

    directory: Path
    program: Path
    config: Path
    report: Callable[[str], None] = print
    parallelism: int = PARALLELISM
    only: str = ""

    @property
    def output(self) -> Path:
        """What is applied: the synthesized output without the types of unapplied.yaml."""
        return self.directory / "applied"

    @property
    def synthesized(self) -> Path:
        return self.directory / "cdktf.out"

    def deployments(self) -> tuple[Deployment, ...]:
        """Those of the configuration, or the one chosen. Raises OperationError where there is no such deployment."""
        everyone = load(self.config)
        chosen = tuple(each for each in everyone if self.only in ("", each.id))
        if not chosen:
            known = ", ".join(each.id for each in everyone)
            raise OperationError(f"{self.config} holds no deployment {self.only!r}", remedy=f"name one of: {known}")
        return chosen

    def synthesize(self) -> tuple[Deployment, ...]:
        """Write the output of all deployments. Returns the chosen ones."""
        synthesize(load(self.config), build, self.synthesized)
        filtered_copy(self.synthesized, self.output)
        return self.deployments()

    def start(self) -> process.Server:
        """The running server, or a new one; with a new one the inventory of an empty account is recorded."""
        found = process.running(self.directory)
        if found is None:
            found = process.start(self.directory)
            self._baseline.write_text(json.dumps({}))
        return found

    def environment(self, account: str, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the engine gets: no way to a real account, and providers from the mirror only."""
        server = process.running(self.directory)
        if server is None:
            raise OperationError("the local AWS server isn't running", remedy="run `make sandbox`")
        variables = environment(server.port, os.environ if base is None else base, account)
        variables["TF_CLI_CONFIG_FILE"] = str(cli_config(self.directory))
        refuse_elsewhere(variables)
        return variables

    def idp(self) -> dict[str, str]:
        """Options of ``python -m idp``, as variables: with them it works on what is applied here."""
        return {
            "IDP_ENGINE": str(self.program),
            "IDP_OUT": str(self.output),
            # Its mirror has a version of its own.
            "IDP_PROVIDERS": "",
            "IDP_WORK": str(self.directory / "work"),
        }

    def operation(self, deployment: Deployment, variables: Mapping[str, str] | None = None) -> Operation:
        engine = Engine(
            program=self.program,
            environment=variables or self.environment(deployment.platform.account),
            report=self.report,
            timeout=TIMEOUT_SECONDS,
            parallelism=self.parallelism,
        )
        stacks = stacks_of(self.output, deployment.id)
        return Operation(engine=engine, workspace=Workspace(root=self.directory / "work"), stacks=stacks, jobs=JOBS)

    @property
    def _baseline(self) -> Path:
        return self.directory / "baseline.json"

    def baseline(self, account: str) -> set[str]:
        """What a new account holds by itself (default VPC and the like), listed before anything was applied."""
        recorded: dict[str, list[str]] = json.loads(self._baseline.read_text())
        if account not in recorded:
            recorded[account] = sorted(inventory.listed(self.environment(account)))
            self._baseline.write_text(json.dumps(recorded))
        return set(recorded[account])


def up(sandbox: Sandbox) -> None:
    """Apply every stack of the chosen deployments, then plan again. Raises OperationError where a plan has changes."""
    sandbox.start()
    for deployment in sandbox.synthesize():
        operation = begin(sandbox, deployment)
        applying.apply(operation, [stack.name for stack in operation.stacks if not stack.is_bootstrap])
        plan_again(operation)
        for name, share in shares(sandbox, operation).items():
            sandbox.report(f"{name:<28} {share}")


def begin(sandbox: Sandbox, deployment: Deployment) -> Operation:
    """Make what must be there before, record what the account holds, and make the remote state.

    Returns the operation to go on with.
    """
    provide(deployment, sandbox.environment(deployment.platform.account))
    sandbox.baseline(deployment.platform.account)
    operation = sandbox.operation(deployment)
    bootstrap(operation)
    return operation


def plan_again(operation: Operation, keep: Path | None = None) -> None:
    """Plan everything; ``keep`` is a directory for the plans' JSON. Raises OperationError where a plan has changes."""
    changed = applying.plan(operation, keep=keep)
    if changed:
        raise OperationError(
            f"planned again, these stacks still have changes: {', '.join(changed)}",
            remedy="mend sandbox/extension where the server is wrong, or the stack where it is",
        )


def down(sandbox: Sandbox) -> None:
    """Destroy the chosen deployments in reverse order; of all of them, and stop the server.

    Raises OperationError where something is left.
    """
    if process.running(sandbox.directory) is None:
        sandbox.report("no server is running: nothing to destroy")
        return
    if (sandbox.output / MANIFEST).exists():
        for deployment in sandbox.deployments():
            # The sandbox's data is nobody's: drop, whatever the deployment says about real data.
            teardown(sandbox.operation(deployment), "drop")
        left = leftovers(sandbox)
        if left:
            raise OperationError(
                "left after the teardown:\n  " + "\n  ".join(sorted(left)),
                remedy="correct the teardown; the server runs on",
            )
        sandbox.report("listed every service again: nothing is left")
    if not sandbox.only:
        process.stop(sandbox.directory)


def leftovers(sandbox: Sandbox) -> set[str]:
    """What is there beyond what a new account holds by itself."""
    left: set[str] = set()
    for account in sorted({deployment.platform.account for deployment in sandbox.deployments()}):
        left |= inventory.listed(sandbox.environment(account)) - sandbox.baseline(account)
    return left


def shares(sandbox: Sandbox, operation: Operation) -> dict[str, Share]:
    """Stack → how much of it is really applied, for stacks that were just planned."""
    listed = Unapplied.listed()
    originals = {stack.name: stack for stack in read_output(sandbox.synthesized)}
    found = {}
    for stack in operation.stacks:
        kinds = [address.split(".")[0] for address, _ in originals[stack.name].resources()]
        elsewhere = sum(listed.provider_left_out(kind) for kind in kinds)
        applied = operation.addresses(operation.workspace.directory(stack))
        found[stack.name] = Share(applied=applied, total=len(kinds) - elsewhere, elsewhere=elsewhere)
    return found
