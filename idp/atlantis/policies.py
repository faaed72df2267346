"""What is asked of a pull request's stacks before a plan and of their plans: guardrails and checkov, from the image."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from constructs_lib.guardrails import GuardrailError, check_stacks
from constructs_lib.guardrails.boundaries import encrypted_state, provider_boundaries
from constructs_lib.guardrails.programs import no_programs
from constructs_lib.guardrails.releases import exec_login
from constructs_lib.written import STACK_FILE, STACKS, assets, documents
from idp.atlantis.files import read, refuse_foreign
from idp.errors import OperationError
from tools import checkov
from tools.run import BuildError

_REMEDY = "change the code that makes the JSON; docs/ATLANTIS.md says how an exception is made"


def guard(stack: Path, workspace: str) -> None:
    """What must hold before the engine reads ``stack``, a directory of an output, with the planner's credentials.

    Raises OperationError where it would run programs, log in by other means, read foreign files, or use a workspace.
    """
    if workspace != "default":
        raise OperationError(f"workspace {workspace!r} isn't used", remedy="plan without -w: each stack has one state")
    out = _output(stack)
    refuse_foreign(out)
    read(out)  # a symbolic link in it would be read through
    alone = {stack.name: json.loads((stack / STACK_FILE).read_text(encoding="utf-8"))}
    found = [*no_programs(alone), *provider_boundaries(alone), *encrypted_state(alone), *exec_login(alone, {})]
    if found:
        lines = "\n".join(f"{address}: {message}" for _, address, message in sorted(found))
        raise OperationError(f"{stack.name} is not planned:\n{lines}", remedy=_REMEDY)


def guardrails(stack: Path) -> list[str]:
    """Every guardrail that the output around ``stack`` breaks, one a line: rules also ask what stacks say together."""
    out = _output(stack)
    refuse_foreign(out)
    files = read(out)
    try:
        check_stacks(documents(files), assets(files))
    except GuardrailError as error:
        return [str(violation) for violation in error.violations]
    return []


def judged(stack: Path, plan: Path) -> list[str]:
    """Checks of checkov that ``plan``, the JSON of a plan of ``stack``, fails without a reason in the stack's JSON.

    Raises OperationError where checkov can't read the plan.
    """
    document: dict[str, Any] = json.loads((stack / STACK_FILE).read_text(encoding="utf-8"))
    if not _managed(plan):
        return []
    with tempfile.TemporaryDirectory(prefix="checkov-") as scratch:
        shutil.copyfile(plan, Path(scratch) / f"{stack.name}.json")
        try:
            failed = checkov.in_plans(Path(scratch))
        except BuildError as error:
            raise OperationError(f"checkov: {error}", remedy="see the output above") from None
    return checkov.lines(failed - checkov.waived({stack.name: document}))


def report(policy: str, found: list[str]) -> Iterator[str]:
    """What Atlantis reads: a policy set fails where a line starts with FAIL, or tells a number of failures."""
    yield from (f"FAIL - {policy} - {line}" for line in found)
    if found:
        yield f"{len(found)} failure{'s' if len(found) > 1 else ''}. {_REMEDY[0].upper()}{_REMEDY[1:]}."
    else:
        # No name of a stack: older releases take any text that holds "fail" for a refusal (atlantis #6018).
        yield f"PASS - {policy}"


def _managed(plan: Path) -> bool:
    values = json.loads(plan.read_text(encoding="utf-8")).get("planned_values", {})
    return any(each["mode"] == "managed" for each in values.get("root_module", {}).get("resources", []))


def _output(stack: Path) -> Path:
    """The output directory of a stack's directory. Raises OperationError where that isn't its place."""
    directory = stack.absolute()
    file = directory / STACK_FILE
    if directory.parent.name != STACKS or not file.is_file() or directory.is_symlink() or file.is_symlink():
        raise OperationError(f"{stack} is no stack of an output", remedy=f"name a directory with a {STACK_FILE}")
    return directory.parent.parent
