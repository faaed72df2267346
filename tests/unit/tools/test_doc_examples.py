"""Keys of the deployment file that documents show: the file is valid with them, and what they take over exists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.loader import load_one
from constructs_lib.adoption import adoption
from tests.synth import Synth
from tests.teams import ALPHA
from tools.doc_blocks import Block, blocks, documents

EXAMPLES = [
    block
    for document in documents()
    for block in blocks(document)
    if block.language == "json" and block.text.startswith('"deployment:')
]


def keys(block: Block) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("{" + block.text + "}")
    return found


def test_there_are_examples() -> None:
    assert {block.document for block in EXAMPLES} >= {"docs/DEPLOYMENT.md", "docs/MIGRATION.md", "docs/OPERATIONS.md"}


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.place)
def test_the_shipped_file_is_valid_with_it(block: Block, shipped: Synth, shipped_context: dict[str, Any]) -> None:
    # Documents speak of a team alpha.
    teams = {"deployment:teams": [*shipped_context["deployment:teams"], ALPHA]}
    deployment = load_one(shipped_context | teams | keys(block), source=block.document)
    stacks = [stack for stack in shipped.stacks() if not stack.name.startswith("idp-pci-")]
    taken = adoption({stack.name: deployment for stack in stacks}, {stack.name: stack.document for stack in stacks})
    assert bool(taken) == ("deployment:adopt:" in block.text)
