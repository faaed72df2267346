"""Synthesize some stacks only, into an output that holds the others already: what a change of one team needs.

The guardrails see the new stacks among those of the output, but for other teams' stacks: no stack shares anything with
those. Whether a change reaches further than the stacks that were named, only a whole synth knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.deployment import Deployment
from config.errors import ConfigError, Problem, shown
from config.problems import nearest
from constructs_lib.engine import App
from constructs_lib.exclusive import exclusive
from constructs_lib.guardrails import check_stacks
from constructs_lib.naming import naming_of
from constructs_lib.stack import Planned, PlatformStack, waits_for
from constructs_lib.synth import render
from constructs_lib.written import MANIFEST, as_text, assets, documents, read, write

Plan = Callable[[Deployment], Sequence[Planned]]
OPTION = "--stack"


def synthesize_stacks(deployments: Sequence[Deployment], plan: Plan, outdir: Path, wanted: Collection[str]) -> None:
    """Write the stacks called ``wanted`` (``idp-teams-alpha``) below ``outdir``, and their rows of the manifest.

    ``plan`` gives the stacks of a deployment. Raises ConfigError for a stack that no deployment has and for an
    ``outdir`` without an output, and GuardrailError where the stacks break a rule; nothing is written then. So with
    OutputBusyError, where another synth is writing there, and OSError.
    """
    known = {_name(stack, each): stack for each in deployments for stack in plan(each)}
    _manifest(outdir)
    _refuse(wanted, known)
    # From the start: what stands beside the new stacks must be the same when they are written.
    with exclusive(outdir):
        _synthesize_stacks(deployments, plan, outdir, wanted, known)


def _synthesize_stacks(
    deployments: Sequence[Deployment],
    plan: Plan,
    outdir: Path,
    wanted: Collection[str],
    known: Mapping[str, Planned],
) -> None:
    manifest = _manifest(outdir)
    made = dict[str, PlatformStack]()

    def build(app: App, deployment: Deployment) -> Sequence[PlatformStack]:
        stacks = [each.make(app, deployment) for each in plan(deployment) if _name(each, deployment) in wanted]
        made.update({stack.full_name: stack for stack in stacks})
        return stacks

    files = render([_taking_over(each, wanted) for each in deployments], build)
    rows = json.loads(files.pop(MANIFEST))["stacks"]
    others = {name for name in manifest["stacks"] if name not in wanted}
    beside = read(outdir, {name for name in others if name in known and not _of_a_team(known[name])})
    check_stacks(documents(beside | files), assets(beside | files))
    for name, stack in made.items():
        before = [each for each in waits_for(stack) if each in others or each in wanted]
        manifest["stacks"][name] = rows[name] | {"dependencies": before}
    write(files | {MANIFEST: as_text(manifest)}, outdir, others=others)


def _name(stack: Planned, deployment: Deployment) -> str:
    return naming_of(deployment).stack(stack.layer, stack.stack)


def _of_a_team(stack: Planned) -> bool:
    return stack.layer == "teams" and stack.stack != "shared"


def _refuse(wanted: Collection[str], known: Collection[str]) -> None:
    problems = []
    for name in sorted(set(wanted) - set(known)):
        near = nearest(name, sorted(known))
        remedy = f"write {near}" if near else f"name one of: {', '.join(sorted(known))}"
        said = {"message": "no deployment has this stack", "remedy": remedy, "value": shown(name)}
        problems.append(Problem(file="the command line", key=OPTION, **said))
    if problems:
        raise ConfigError(problems)


def _manifest(outdir: Path) -> dict[str, Any]:
    path = outdir / MANIFEST
    if not path.exists():
        remedy = f"synthesize everything once, without {OPTION}"
        message = f"{outdir} holds no output that the stacks could join"
        raise ConfigError([Problem(file="the command line", key=OPTION, message=message, remedy=remedy)])
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _taking_over(deployment: Deployment, wanted: Collection[str]) -> Deployment:
    """``deployment`` with what it takes over in the wanted stacks only: of the others there is no JSON to look at."""
    adopt = deployment.adopt
    kept = {
        field: {stack: blocks for stack, blocks in getattr(adopt, field).items() if stack in wanted}
        for field in ("imports", "moved")
    }
    return deployment.model_copy(update={"adopt": adopt.model_copy(update=kept)})
