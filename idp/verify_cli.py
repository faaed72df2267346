"""``python -m idp verify``: smoke tests of a deployment that is there. They only read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from config.deployment import Deployment
from idp.aws import Aws
from idp.doctor.credentials import logged_in
from idp.errors import OperationError
from idp.findings import as_json, exit_code, show
from idp.options import CONFIG, OUT, AsJson, Config, DeploymentId, Out, Strict, configured
from idp.output import stacks_of
from idp.verify.cluster_access import kubectl_for, role_for
from idp.verify.smoke import Deployed
from idp.verify.smoke import verify as smoke

TeamNames = Annotated[
    list[str] | None, typer.Option("--team", help="Try deployments of this team; may be given several times.")
]
Context = Annotated[str, typer.Option("--context", help="A context of your kubeconfig; else one made for this run.")]


def verify(
    deployment: DeploymentId,
    config: Config = CONFIG,
    out: Out = OUT,
    team: TeamNames = None,
    context: Context = "",
    json: AsJson = False,
    strict: Strict = False,
) -> None:
    """Test what is deployed: cluster, Backstage, workflows, GitOps, a team's deployment. Exit code 2 where one fails.

    Without --team the first team of the deployment file is tried.
    """
    found, stacks = configured(config, deployment), stacks_of(out, deployment)
    teams = chosen(found, team)
    aws = Aws(region=found.platform.region)
    logged_in(aws, found)
    with kubectl_for(found, role_for(aws, found), context=context) as kubectl:
        findings = list(smoke(Deployed(deployment=found, stacks=stacks, aws=aws, kubectl=kubectl, teams=teams)))
    if json:
        typer.echo(as_json(findings, deployment=deployment), nl=False)
    else:
        show(findings, f"{deployment}, as deployed")
    raise typer.Exit(exit_code(findings, strict=strict))


def chosen(deployment: Deployment, names: Sequence[str] | None) -> list[str]:
    """``names``, or the first team. Raises OperationError for one that the deployment file doesn't have."""
    known = [team.name for team in deployment.teams]
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        remedy = f"name one of: {', '.join(known) or 'none is there'}"
        raise OperationError(f"no team {', '.join(unknown)} in {deployment.id}", remedy=remedy)
    return list(names or known[:1])
