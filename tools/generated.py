"""Write or check several generated files in one process: what they read is imported and synthesized once.

python -m tools.generated --write | --check MODULE ...
"""

from __future__ import annotations

import runpy
import sys
import warnings
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run each module as ``python -m MODULE`` would, all of them; the worst exit code."""
    if len(arguments) < 2 or arguments[0] not in ("--write", "--check"):
        print(__doc__, file=sys.stderr)
        return 2
    return max(_run(module, arguments[0]) for module in arguments[1:])


def _run(module: str, how: str) -> int:
    sys.argv = [module, how]
    # Another module of the list may have imported it: it runs anew all the same.
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
