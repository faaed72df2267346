"""``python -m idp synth``: the same as ``python main.py``."""

from __future__ import annotations

import typer

import main
from idp.options import CONFIG, OUT, Config, Only, Out, Today, day_of


def synth(config: Config = CONFIG, out: Out = OUT, today: Today = None, stack: Only = None) -> None:
    """Write the Terraform JSON of every deployment. Exit code 1: it would break a guardrail. 2: wrong configuration.

    After 1 and 2 nothing was written. With --stack only these are written, beside those that the output holds.
    """
    if code := main.synth(config, out, day_of(today), stack or ()):
        raise typer.Exit(code)
