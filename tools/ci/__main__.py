"""What the workflows of .github do beyond one command: ``python -m tools.ci VERB``. Said in docs/CI.md."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from idp import apply as applying
from idp.atlantis.policies import guard
from idp.engine import terminate_as_interrupt
from idp.entry import ended
from idp.options import CONFIG, OUT, TIMEOUT, WORK, Config, DeploymentId, EnginePath, Out, Work, operation
from idp.output import read_output
from tools.ci import drift, github, release, results
from tools.ci.changed import Changed
from tools.ci.changed import changed as changed_stacks
from tools.ci.targets import targets as targets_of
from tools.snapshot import KEPT

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

Repository = Annotated[str, typer.Option("--repository", envvar="GITHUB_REPOSITORY", help="Owner and name.")]
Run = Annotated[str, typer.Option("--run", help="Address of the workflow's run.")]
MARKER = "<!-- plan -->"


@app.command()
def targets(config: Config = CONFIG, before: Path | None = None, out: Out = OUT) -> None:
    """Print the deployments as a line for GITHUB_OUTPUT; with --before, those with stacks that changed since then."""
    named = {key: list(each.plan) for key, each in changed_stacks(before, out).items()} if before else None
    found = [target.entry() for target in targets_of(config, named)]
    typer.echo(f"deployments={json.dumps(found, separators=(',', ':'))}")


@app.command()
def changed(before: Path, out: Out = OUT) -> None:
    """Print as Markdown which stacks of the output changed since --before, and who reads one that did."""
    found = {key: each for key, each in changed_stacks(before, out).items() if each.plan or each.removed}
    typer.echo("\n\n".join(_said(key, each) for key, each in found.items()) or "No stack changes.")


def _said(deployment: str, found: Changed) -> str:
    kinds = (
        ("planned below", found.plan),
        ("no longer in the output: destroy before you merge", found.removed),
        ("unchanged, but reads one that changed: plan again after the apply", found.readers),
    )
    lines = [f"- {word}: {', '.join(f'`{name}`' for name in names)}" for word, names in kinds if names]
    return "\n".join([f"**{deployment}**", "", *lines])


@app.command()
def admit(out: Out = OUT) -> None:
    """Exit 1 where a plan of a stack would run programs, use other credentials or read foreign files."""
    for stack in read_output(out):
        guard(stack.directory, "default")
    typer.echo("no plan of this output runs a program of its own")


@app.command()
def plan(
    deployment: DeploymentId,
    to: Annotated[Path, typer.Option("--to", help="File for the results.")],
    stacks: Annotated[str, typer.Option("--stacks", help="Their names between spaces; else all.")] = "",
    out: Out = OUT,
    engine: EnginePath = None,
    work: Work = WORK,
) -> None:
    """Plan each stack and write what changes. Exit code 2 where one has changes, 1 where one can't be planned."""
    running = operation(deployment, out, engine, work, TIMEOUT)
    chosen = [stack.name for stack in running.chosen(stacks.split() or None)]

    def planned(stack: str) -> Mapping[str, Any] | None:
        with tempfile.TemporaryDirectory() as kept:
            if not applying.plan(running, [stack], keep=Path(kept)):
                return None
            written = Path(kept) / f"{stack}.json"
            # There is none where the stack has no resources, or reads one that was never applied.
            document: dict[str, Any] = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
            return document

    found = results.plans(deployment, chosen, planned, lambda text: typer.echo(text, err=True))
    results.write(found, to)
    outcomes = {each.outcome for each in found}
    raise typer.Exit(1 if "failed" in outcomes else 2 if "changes" in outcomes else 0)


@app.command()
def summary(found: list[Path]) -> None:
    """Print the results of plans as Markdown."""
    typer.echo(results.table(results.read(found)))


@app.command()
def comment(
    text: Path,
    number: Annotated[int, typer.Option("--number", help="The pull request's number.")],
    repository: Repository,
) -> None:
    """Write the file as our comment under a pull request, over the one that is there."""
    github.comment(github.gh, repository, number, MARKER, text.read_text(encoding="utf-8"))


@app.command("drift")
def drift_issues(found: list[Path], run: Run, repository: Repository) -> None:
    """Open, update and close the issues of drifted stacks."""
    planned = drift.steps(results.read(found), drift.open_issues(github.gh, repository), run)
    drift.carry_out(planned, github.gh, repository)
    for step in planned:
        typer.echo(f"{step.do} {step.stack}")


@app.command("release")
def releases(
    tag: str,
    branch: Annotated[str, typer.Option("--branch", help="The branch that releases come from.")] = "origin/main",
    to: Annotated[Path, typer.Option("--to", help="Directory for notes and archive.")] = Path("release"),
    kept: Annotated[Path, typer.Option("--kept", help="Directory of the kept releases.")] = KEPT,
    out: Out = OUT,
) -> None:
    """Check a tag, and write the release's notes and the archive of the output."""
    root = Path.cwd()
    release.check_tag(root, tag, branch)
    release.check_kept(kept, tag, out)
    checksum = release.archive(out, to / f"idp-{tag}.tar.gz")
    (to / "notes.md").write_text(release.notes(root, tag), encoding="utf-8")
    typer.echo(checksum.read_text(encoding="utf-8").strip())


def main() -> int:
    """Run a verb; errors are printed with their remedy and end in exit code 1."""
    terminate_as_interrupt()
    return ended(app)


if __name__ == "__main__":
    sys.exit(main())
