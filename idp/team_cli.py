"""``python -m idp team add|list|remove``: teams in the deployment file."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from config.names import team_namespace
from idp import team as teams
from idp.held import Holdings
from idp.options import (
    CONFIG,
    OUT,
    TIMEOUT,
    WORK,
    Config,
    DeploymentId,
    EnginePath,
    Minutes,
    Out,
    Work,
    configured,
    operation,
)
from idp.team import stack_name

app = typer.Typer(no_args_is_help=True, help="Teams of a deployment.")

Name = Annotated[str, typer.Argument(help="The team's name.")]


def _each(help: str) -> Any:
    return typer.Option(help=f"{help}; may be given several times.")


@app.command("list")
def list_(deployment: DeploymentId, config: Config = CONFIG) -> None:
    """Print the teams with their quotas and members, one a line."""
    for each in configured(config, deployment).teams:
        quotas = each.resources
        typer.echo(f"{each.name:<24} {quotas.cpu:>6} cpu {quotas.memory:>8}  {', '.join(each.members)}")


@app.command()
def add(
    name: Name,
    deployment: DeploymentId,
    member: Annotated[list[str], _each("GitHub name of a member")],
    size: Annotated[str, typer.Option(help="Quotas by name: small, medium or large.")] = "small",
    cpu: Annotated[str, typer.Option(help="Cores, in place of --size; with --memory.")] = "",
    memory: Annotated[str, typer.Option(help="Memory, in place of --size; with --cpu.")] = "",
    owner: Annotated[str, typer.Option(help="E-mail address of who answers for the team.")] = "",
    repository: Annotated[list[str] | None, _each("Image repository below team/<name>/")] = None,
    source: Annotated[list[str] | None, _each("GitHub repository that Argo CD deploys from, as owner/name")] = None,
    preview: Annotated[list[str] | None, _each("One of --source whose labelled pull requests get a namespace")] = None,
    secret: Annotated[list[str] | None, _each("Secret below the team's path")] = None,
    group: Annotated[list[str] | None, _each("Group of the identity provider whose people are developers")] = None,
    developer_role: Annotated[list[str] | None, _each("Role that may become the team's developer")] = None,
    budget: Annotated[int | None, typer.Option(help="US dollars a month.")] = None,
    internet: Annotated[bool, typer.Option("--internet", help="Let pods reach public addresses by HTTPS.")] = False,
    config: Config = CONFIG,
) -> None:
    """Add a team to the deployment file and say what it will make. Nothing else in the file changes."""
    sized: dict[str, Any] = {"quotas": {"cpu": cpu, "memory": memory}} if cpu or memory else {"size": size}
    optional = {
        "owner": owner,
        "groups": group,
        "developerRoles": developer_role,
        "repositories": repository,
        "sources": source,
        "previews": preview,
        "secrets": secret,
        "monthlyBudgetUsd": budget,
        "internet": internet,
    }
    entry = {"name": name, **sized, "members": member} | {key: value for key, value in optional.items() if value}
    before = teams.deployment_text(config, deployment)
    after = teams.with_team(before, entry)
    after.write()
    stack = stack_name(deployment, name)
    typer.echo(before.difference(after))
    typer.echo(f"Makes stack {stack}: namespace {team_namespace(name)}, roles, repositories and secrets of the team.")
    typer.echo(f"Stacks of the platform may change, too; this names them: {_idp('diff', deployment)} --against HEAD")
    typer.echo(f"Next: make synth; {_idp('apply', deployment)} --stack {stack}")


@app.command()
def remove(
    name: Name,
    deployment: DeploymentId,
    yes_delete: Annotated[str, typer.Option("--yes-delete", help="The team's name once more: data goes too.")] = "",
    context: Annotated[str, typer.Option(help="kubectl's context; else the cluster's ARN.")] = "",
    config: Config = CONFIG,
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
    timeout: Minutes = TIMEOUT,
) -> None:
    """Destroy the team's stack, then take the team out of the deployment file.

    Refused without --yes-delete NAME while the team holds volumes, images, values of secrets or artifacts.
    """
    before = teams.deployment_text(config, deployment)
    after = teams.without_team(before, name)
    found, confirmed = configured(config, deployment), yes_delete == name
    (team,) = (each for each in found.teams if each.name == name)
    holdings = Holdings(deployment=found, team=team, context=context)
    if not confirmed:
        teams.refuse_data(name, holdings.found())
    teams.destroy(operation(deployment, out, engine, work, timeout), found, name, confirmed=confirmed)
    if confirmed:
        holdings.delete_artifacts()
    after.write()
    typer.echo(before.difference(after))
    typer.echo("Next: make synth")


def _idp(verb: str, deployment: str) -> str:
    return f".venv/bin/python -m idp {verb} --deployment {deployment}"
