"""``python -m idp e2e``: doctor, bootstrap, apply, verify and destroy, in an account of your own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from config.deployment import Deployment
from idp import apply as applying
from idp import bootstrap as bootstrapping
from idp.aws import Aws
from idp.destroy_cli import destroy
from idp.doctor.credentials import logged_in
from idp.doctor.examination import Patient, examine
from idp.e2e import Run, Steps
from idp.errors import OperationError
from idp.findings import Finding, show
from idp.operation import Operation
from idp.options import (
    CONFIG,
    JOBS,
    OUT,
    TIMEOUT,
    WORK,
    Config,
    DeploymentId,
    EnginePath,
    Jobs,
    Minutes,
    Out,
    Work,
    configured,
    operation,
)
from idp.output import Stack
from idp.verify.cluster_access import kubectl_for, role_for
from idp.verify.smoke import Deployed
from idp.verify.smoke import verify as smoke

Account = Annotated[
    str, typer.Option("--account", help="The account's 12 digits, to confirm that all this happens there.")
]
Wait = Annotated[int, typer.Option("--wait", min=0, help="Minutes to wait for what a person does between the halves.")]


def e2e(
    deployment: DeploymentId,
    account: Account = "",
    wait: Wait = 60,
    config: Config = CONFIG,
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    timeout: Minutes = TIMEOUT,
    jobs: Jobs = JOBS,
) -> None:
    """Make a deployment in your own account, test it and destroy it. It costs money and takes hours.

    Needs --account ACCOUNT, and a deletion policy that lets data go. Exit code 2 where a smoke test fails.
    """
    found = configured(config, deployment)
    running = operation(deployment, out, engine, work, timeout, jobs)
    aws = Aws(region=found.platform.region)

    def all_gone() -> None:
        refuse_half_made(running)
        destroy(
            deployment,
            yes_destroy=deployment,
            yes_policy=found.deletion_policy,
            leave_behind="",
            config=config,
            out=out,
            engine=engine,
            work=work,
            timeout=timeout,
            jobs=jobs,
        )

    steps = Steps(
        exists=lambda: _exists(aws, found, running),
        doctor=lambda deployed: _doctor(aws, found, running, deployed),
        bootstrap=lambda: bootstrapping.bootstrap(running),
        apply=lambda only: applying.apply(running, only),
        verify=lambda: _verify(aws, found, running),
        destroy=all_gone,
        report=typer.echo,
    )
    run = Run(deployment=found, steps=steps, first=first_half(running.stacks), minutes=wait)
    if code := run.start(account):
        raise typer.Exit(code)


def first_half(stacks: Sequence[Stack]) -> list[str]:
    """Names of the stacks that wait for no pod: the account's and the foundation's, as docs/POST_DEPLOYMENT.md does."""
    return [
        stack.name
        for stack in stacks
        if stack.name == f"{stack.deployment}-account" or stack.name.startswith(f"{stack.deployment}-foundation-")
    ]


def refuse_half_made(running: Operation) -> None:
    """Raise OperationError where a bootstrap stopped before its bucket was there: destroy would find no state."""
    bootstrap = running.bootstrap
    if running.workspace.local_state(bootstrap) is not None and running.remote_state(bootstrap) is None:
        raise OperationError(
            f"{bootstrap.name} is half made, and its state is in {running.workspace.directory(bootstrap)} still",
            remedy=f"run `python -m idp bootstrap --deployment {bootstrap.deployment}` to its end, then destroy",
        )


def _exists(aws: Aws, deployment: Deployment, running: Operation) -> bool:
    logged_in(aws, deployment)
    bootstrap = running.bootstrap
    return running.workspace.local_state(bootstrap) is not None or running.remote_state(bootstrap) is not None


def _doctor(aws: Aws, deployment: Deployment, running: Operation, deployed: bool) -> list[Finding]:
    patient = Patient(deployment=deployment, aws=aws, engine=running.engine.program)
    findings = list(examine(patient, deployed=deployed))
    show(findings, f"{deployment.id}, {'after' if deployed else 'before'} the apply")
    return findings


def _verify(aws: Aws, deployment: Deployment, running: Operation) -> list[Finding]:
    teams = [team.name for team in deployment.teams][:1]
    with kubectl_for(deployment, role_for(aws, deployment)) as kubectl:
        deployed = Deployed(deployment=deployment, stacks=running.stacks, aws=aws, kubectl=kubectl, teams=teams)
        findings = list(smoke(deployed))
    show(findings, f"{deployment.id}, as deployed")
    return findings
