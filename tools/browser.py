"""The browser that opens generated pages in tests: Chromium on PATH, else Debian's own, without a screen."""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.run import BuildError, install_debian

# chromium-headless-shell is Chromium without its windows: half the packages of the whole.
PACKAGE = "chromium-headless-shell"
_NAMES = (PACKAGE, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

NEEDED = f"tests of the page for reviewers need one of {', '.join(_NAMES)} on PATH"


def find() -> Path | None:
    """Chromium or Chrome on PATH, else None."""
    found = (shutil.which(name) for name in _NAMES)
    return next((Path(each) for each in found if each), None)


def install() -> None:
    """Install Debian's. Raises BuildError where this isn't Debian, the user isn't root, or it can't be had."""
    install_debian([PACKAGE])
    if find() is None:
        raise BuildError(f"{PACKAGE} brought none of {', '.join(_NAMES)}")
