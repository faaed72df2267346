"""What the engine itself writes, before our synth makes it canonical: ``python -m tools.terrain.engine_json OUTDIR``.

Run by the interpreter of either engine, with the run-time type checks of its bindings: mypy judges the sources by those
of the engine in ``.venv`` only. Below ``OUTDIR``: ``shipped``, the deployments of ``cdktf.json``, and
``everything``, the first of them with every component on.
"""

from __future__ import annotations

import sys
from pathlib import Path

from config.loader import load
from constructs_lib import bindings
from tools.components_example import example
from tools.programs import ROOT


def main(outdir: Path) -> None:
    bindings.check_types()
    # Imported only now: what is imported before isn't checked.
    from constructs_lib.engine import App
    from constructs_lib.stack import order
    from stacks.layers import build

    outdir.mkdir(parents=True, exist_ok=True)
    for name, deployments in (("shipped", load(ROOT / "cdktf.json")), ("everything", [example()])):
        app = App(outdir=str(outdir / name))
        for deployment in deployments:
            order(build(app, deployment))
        app.synth()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
