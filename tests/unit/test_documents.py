"""Shell blocks of the documents that need the project only are run, in a copy of it and without a network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import documents
from tests.synth import Synth
from tools.doc_blocks import Block, problems

pytestmark = [pytest.mark.unit, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def project(shipped: Synth, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return documents.shipped_project(tmp_path_factory.mktemp("documents"), shipped)


@pytest.mark.parametrize("block", documents.tagged("run"), ids=lambda block: block.place)
def test_it_runs_as_it_stands_in_the_document(block: Block, project: Path) -> None:
    documents.run(block, project, documents.OFFLINE, network=False)


def test_every_block_is_tagged_and_names_what_there_is() -> None:
    assert list(problems()) == []


def test_what_is_proven_elsewhere_stands_in_a_document() -> None:
    found = {
        documents.command_of(line)
        for block in documents.every()
        if block.tag != "account"
        for line in block.text.splitlines()
    }
    assert documents.PROVEN_ELSEWHERE.keys() <= found


def test_the_readme_starts_with_the_two_commands_that_a_newcomer_needs() -> None:
    first = (documents.ROOT / "README.md").read_text(encoding="utf-8").splitlines()[1:6]
    assert [documents.command_of(line) for line in first if line] == ["```sh run", "make synth", "make test", "```"]


def test_a_command_that_fails_fails_the_block(tmp_path: Path) -> None:
    block = Block(document="x.md", line=3, info="sh run", text="echo before\nfalse\necho after\n")
    with pytest.raises(pytest.fail.Exception, match=r"x\.md:3 ends in 1:\nbefore\n$"):
        documents.run(block, tmp_path, {}, network=False)


def test_a_command_that_is_proven_elsewhere_isn_t_run(tmp_path: Path) -> None:
    block = Block(document="x.md", line=1, info="sh run", text="make synth   # writes\necho made by make synth\n")
    assert documents.run(block, tmp_path, {}, network=False) == "made by make synth\n"


def test_blocks_run_in_a_copy_with_an_environment_of_their_own(project: Path) -> None:
    text = "echo changed >> cdktf.json; touch .venv/made; env"
    said = documents.run(Block(document="x.md", line=1, info="sh run", text=text), project, {}, network=False)
    assert "changed" not in (documents.ROOT / "cdktf.json").read_text(encoding="utf-8")
    assert not (documents.ROOT / ".venv" / "made").exists()
    assert not [name for name in os.environ if name.startswith("AWS_") and f"\n{name}=" in said]
