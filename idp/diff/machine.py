"""A difference as JSON for programs."""

from __future__ import annotations

import dataclasses

from constructs_lib.written import as_text
from idp.diff.model import DeploymentDiff, Diff, Entry, StackDiff, counts

# Raised where a key changes its meaning or goes away; new keys don't raise it.
VERSION = 1


def machine(diff: Diff) -> str:
    """The text: sorted keys, one line break at the end."""
    found = {
        "version": VERSION,
        "changed": not diff.is_empty,
        "deployments": [_deployment(each) for each in diff.deployments],
    }
    return as_text(found)


def _deployment(deployment: DeploymentDiff) -> dict[str, object]:
    return {
        "id": deployment.id,
        "state": deployment.state,
        "cost": deployment.cost,
        "stacks": [_stack(stack) for stack in deployment.stacks],
    }


def _stack(stack: StackDiff) -> dict[str, object]:
    return {
        "name": stack.name,
        "state": stack.state,
        "planned": stack.is_planned,
        "counts": counts(stack.of("resource")),
        "changes": [_entry(entry) for entry in stack.entries],
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "address": entry.address,
        "type": entry.kind,
        "section": entry.section,
        "what": entry.what,
        "former_address": entry.former,
        "guarded": entry.is_guarded,
        "loses_protection": entry.loses_protection,
        "notes": list(entry.notes),
        "arguments": [dataclasses.asdict(argument) for argument in entry.arguments],
    }
