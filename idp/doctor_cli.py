"""``python -m idp doctor``: tools, credentials, account, quotas, DNS, secrets. It only reads."""

from __future__ import annotations

from typing import Annotated

import typer

from idp.aws import Aws
from idp.doctor.examination import Patient, examine, is_deployed
from idp.engine import find_engine
from idp.errors import OperationError
from idp.findings import as_json, exit_code, show
from idp.options import CONFIG, AsJson, Config, DeploymentId, EnginePath, Strict, configured


def doctor(
    deployment: DeploymentId,
    config: Config = CONFIG,
    engine: EnginePath = None,
    before: Annotated[bool, typer.Option("--before", help="As before the first apply.")] = False,
    after: Annotated[bool, typer.Option("--after", help="As after the first half of the apply, or later.")] = False,
    json: AsJson = False,
    strict: Strict = False,
) -> None:
    """Say what a deployment lacks. Exit code 2 where a check fails or can't be asked.

    Without --before or --after it looks whether the state's bucket is there.
    """
    if before and after:
        raise OperationError("--before and --after exclude each other", remedy="give one of them, or none")
    found = configured(config, deployment)
    aws = Aws(region=found.platform.region)
    deployed = after or (not before and is_deployed(aws, found))
    try:
        program = find_engine(engine)
    except OperationError:
        program = None
    findings = list(examine(Patient(deployment=found, aws=aws, engine=program), deployed=deployed))
    moment = "after" if deployed else "before"
    if json:
        typer.echo(as_json(findings, deployment=deployment, moment=moment), nl=False)
    else:
        show(findings, f"{deployment}, {moment} the apply")
    raise typer.Exit(exit_code(findings, strict=strict))
