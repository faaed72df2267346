"""One sandbox for the whole session: server, bootstrap, every stack applied; nothing destroys it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from constructs_lib.synth import STACK_FILE
from idp import apply as applying
from idp.engine import Engine
from idp.operation import Operation
from idp.output import Stack, ordered, read_states, stacks_of
from idp.workspace import Workspace
from sandbox import cycle, process
from sandbox.cycle import Sandbox
from tools import build as tools
from tools import checkov

ROOT = Path(__file__).resolve().parent.parent.parent


# Files whose tests share the fully applied sandbox. Those of the others run beside them, in a second worker.
CYCLE = frozenset({"test_checkov", "test_cycle", "test_documents", "test_refusals", "test_team"})
# Those of one file only: the second deployment, the second engine, kills and kept releases have a server of their own
# each, and bootstraps mostly wait.
ALONE = frozenset(
    {
        "test_bootstrap",
        "test_kills",
        "test_second_deployment",
        "test_terraform",
        "test_upgrades",
    }
)


# Full cycles, and a series of kills: `make soak` keeps this order.
LONGEST = ("test_terraform", "test_second_deployment", "test_kills", "test_cycle")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest of the long rest begin first; what is left keeps its place, in one worker for each sandbox."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group(_group(item.path.stem)))


def _group(stem: str) -> str:
    if stem in ALONE:
        return stem
    return "cycle" if stem in CYCLE else "beside"


@dataclass(frozen=True, kw_only=True)
class Box:
    """The shared sandbox, its deployment, and the lines that it reported. ``plans`` holds what was planned again."""

    sandbox: Sandbox
    deployment: Deployment
    operation: Operation
    lines: list[str]

    @property
    def plans(self) -> Path:
        return self.sandbox.directory / "plans"

    def small(self, root: Path, documents: Mapping[str, Mapping[str, Any]]) -> Operation:
        """An operation on hand-made stacks (name → JSON), against the same server and its state bucket."""
        return small_operation(root, documents, self.operation.engine)


def small_operation(root: Path, documents: Mapping[str, Mapping[str, Any]], engine: Engine) -> Operation:
    """An operation of deployment idp on hand-made stacks. One that needs no provider names none: to start AWS's takes
    longer than all else that a small stack does."""
    stacks = []
    for name, document in documents.items():
        directory = root / "out" / "stacks" / name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / STACK_FILE).write_text(json.dumps(document), encoding="utf-8")
        reads = read_states(document)
        stacks.append(Stack(name=name, deployment="idp", directory=directory, reads=reads, document=document))
    return Operation(engine=engine, workspace=Workspace(root=root / "work"), stacks=ordered(stacks))


@dataclass(frozen=True)
class Reporter:
    """Keeps the lines, and prints them for who watches."""

    lines: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        print(line, flush=True)


def tofu() -> Path:
    found = tools.tofu()
    assert found is not None, "tofu is not built; run `make tools`"
    return found


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A server, with the first deployment's remote state made; nothing else is applied yet."""
    yield from begun(tmp_path_factory.mktemp("sandbox"), "idp")


def begun(directory: Path, deployment: str) -> Iterator[Box]:
    """A server below ``directory``, with the remote state of the shipped ``deployment`` made; stopped in the end."""
    reporter = Reporter()
    config = ROOT / "cdktf.json"
    sandbox = Sandbox(directory=directory, program=tofu(), config=config, report=reporter, only=deployment)
    sandbox.start()
    try:
        (chosen,) = sandbox.synthesize()
        operation = cycle.begin(sandbox, chosen)
        yield Box(sandbox=sandbox, deployment=chosen, operation=operation, lines=reporter.lines)
    finally:
        process.stop(directory)


@pytest.fixture(scope="session")
def applied(box: Box) -> Box:
    """Every stack applied, and everything planned again without a change."""
    return plan_all(apply_all(box))


def apply_all(box: Box) -> Box:
    """Every stack applied that isn't yet."""
    applying.apply(box.operation, _after_bootstrap(box))
    return box


def plan_all(box: Box) -> Box:
    """Everything planned again, without a change."""
    box.plans.mkdir()
    cycle.plan_again(box.operation, keep=box.plans)
    return box


def kinds(box: Box) -> tuple[set[str], set[str]]:
    """Resource types of the deployment's JSON, and those of its stacks' states."""
    found = stacks_of(box.sandbox.synthesized, box.deployment.id)
    in_json = {address.split(".")[0] for stack in found for address, _ in stack.resources()}
    shares = cycle.shares(box.sandbox, box.operation).values()
    return in_json, {address.split(".")[0] for share in shares for address in share.applied}


def reasons_of(box: Box) -> set[checkov.Finding]:
    """Findings that the deployment's JSON gives reasons for."""
    root = box.sandbox.synthesized / "stacks"
    texts = {stack.name: (root / stack.name / STACK_FILE).read_text(encoding="utf-8") for stack in box.operation.stacks}
    return checkov.waived({name: json.loads(text) for name, text in texts.items()})


def change(out: Path, stack: str, how: Callable[[dict[str, Any]], None]) -> None:
    """Change the JSON of ``stack`` in an output."""
    path = out / "stacks" / stack / STACK_FILE
    document = json.loads(path.read_text(encoding="utf-8"))
    how(document)
    path.write_text(json.dumps(document, indent=2, sort_keys=True), encoding="utf-8")


def tear_down(box: Box) -> Box:
    """Everything destroyed, the way `make sandbox-down` does. Its lines are its own."""
    before = len(box.lines)
    cycle.down(box.sandbox)
    return replace(box, lines=box.lines[before:])


def _after_bootstrap(box: Box) -> Sequence[str]:
    return [stack.name for stack in box.operation.stacks if not stack.is_bootstrap]
