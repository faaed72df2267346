"""``python -m idp.atlantis``: the commands of ``idp atlantis`` alone, for the server's image."""

from __future__ import annotations

import sys

from idp.atlantis_cli import app
from idp.entry import ended

if __name__ == "__main__":
    sys.exit(ended(app))
