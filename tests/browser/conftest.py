"""A browser for a whole test run, with a page of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Chromium
from tools import browser


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A running browser."""
    program = browser.find()
    if program is None:
        pytest.skip(browser.NEEDED)
    chromium = Chromium(program, tmp_path_factory.mktemp("browser") / "profile")
    yield chromium
    chromium.close()


@pytest.fixture
def chromium(running: Chromium) -> Chromium:
    """The browser, with nothing noted of other tests."""
    running.send("Emulation.clearDeviceMetricsOverride")
    running.send("Emulation.setEmulatedMedia", {"features": []})
    running.open("about:blank")
    running.errors.clear()
    running.requests.clear()
    return running
