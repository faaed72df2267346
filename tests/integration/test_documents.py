"""Shell blocks of the documents that need an applied sandbox are run against the session's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import documents
from tests.integration.conftest import Box
from tools.doc_blocks import Block

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def project(applied: Box, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, as it is after `make sandbox`."""
    copy = documents.project(tmp_path_factory.mktemp("documents"), applied.sandbox.synthesized)
    (copy / ".sandbox").symlink_to(applied.sandbox.directory)
    return copy


@pytest.mark.parametrize("block", documents.tagged("sandbox"), ids=lambda block: block.place)
def test_it_runs_as_it_stands_in_the_document(block: Block, applied: Box, project: Path) -> None:
    sandbox = applied.sandbox
    variables = sandbox.environment(applied.deployment.platform.account, {}) | sandbox.idp()
    documents.run(block, project, variables, network=True)
