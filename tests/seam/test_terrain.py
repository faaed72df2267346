"""The same sources under CDK Terrain, really: what `make terrain` does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.run import BuildError
from tools.terrain import home
from tools.terrain.__main__ import REPORT, compare

pytestmark = pytest.mark.soak


def test_the_same_sources_give_the_same_json_under_cdk_terrain(tmp_path: Path) -> None:
    try:
        home.python()
    except BuildError as error:
        if home.cannot_be_had(error):
            pytest.skip(f"the packages of CDK Terrain can't be had: {error}")
        raise
    verdict = compare(tmp_path / "out")
    assert not verdict.unexplained and not verdict.needless
    assert len(json.loads((tmp_path / "out" / REPORT).read_text())) == len(verdict.found) > 0
    # The reviewed output, but for the engine's manifest, byte for byte.
    stacks = [tmp_path / "out" / engine / "output" / "stacks" for engine in ("cdktf", "terrain")]
    texts = [{path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()} for top in stacks]
    assert len(texts[0]) > 50 and texts[0] == texts[1]
