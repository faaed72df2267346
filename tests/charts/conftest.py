"""What rung 4 looks at: the shipped deployments, and one with every component on."""

from __future__ import annotations

import pytest

from tests.synth import Synth


@pytest.fixture(scope="session", params=["shipped", "everything"])
def deployed(request: pytest.FixtureRequest) -> Synth:
    found: Synth = request.getfixturevalue(request.param)
    return found
