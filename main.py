"""Synthesize every deployment of cdktf.json into readable Terraform JSON, one directory per stack."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.deployment import Deployment
from config.errors import ConfigError
from config.loader import load
from config.rules.policies import ended
from config.support import warnings

ROOT = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=ROOT / "cdktf.json", help="the cdktf.json to read")
    # The engine's command line names its output directory in CDKTF_OUTDIR.
    default = ROOT / os.environ.get("CDKTF_OUTDIR", "cdktf.out")
    parser.add_argument("--out", type=Path, default=default, help="the directory to write")
    today = datetime.date.today()
    said = "judge AWS's support of Kubernetes minors and ends of exceptions by this day, YYYY-MM-DD"
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=today, help=said)
    only = "write this stack only, beside those that the output holds; may be given several times"
    parser.add_argument("--stack", action="append", default=[], help=only)
    arguments = parser.parse_args()
    return synth(arguments.config, arguments.out, arguments.today, arguments.stack)


def synth(config: Path, out: Path, today: datetime.date, only: Sequence[str] = ()) -> int:
    """Write the output of every deployment of ``config`` to ``out``, or of its stacks ``only``. Returns the exit code.

    0: written. 1: the output would break a guardrail, or can't be written. 2: the configuration is wrong. Nothing is
    written after 1 or 2; problems and warnings go to stderr.
    """
    try:
        deployments = load(config)
        for warning in [*warnings(deployments, today), *ended(deployments, today), *_quotas(deployments)]:
            print(warning, file=sys.stderr)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        return _written(deployments, out, only)
    except OSError as error:
        print(_unwritable(error), file=sys.stderr)
        # The engine's process, where it was only half made, complains with a traceback when it is thrown away.
        sys.unraisablehook = lambda _: None
        return 1


def _quotas(deployments: Sequence[Deployment]) -> Sequence[str]:
    # A configuration error of the files themselves waits for no tables.
    from constructs_lib.quotas.report import notices

    return notices(deployments)


def _written(deployments: Sequence[Deployment], out: Path, only: Sequence[str]) -> int:
    # Imported only now: a configuration error needs no engine.
    from constructs_lib.exclusive import OutputBusyError
    from constructs_lib.guardrails import GuardrailError
    from constructs_lib.partial import synthesize_stacks
    from constructs_lib.synth import synthesize
    from stacks.layers import build, planned

    try:
        if only:
            synthesize_stacks(deployments, planned, out, only)
        else:
            synthesize(deployments, build, out)
    except ConfigError as error:  # components that wait for each other: only what is built shows it
        print(error, file=sys.stderr)
        return 2
    except (GuardrailError, OutputBusyError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _unwritable(error: OSError) -> str:
    """The engine writes into a temporary directory first; what fails there names no file of the output."""
    where = error.filename or tempfile.gettempdir()
    return (
        f"{where}: {error.strerror}; the output is as it was before\n"
        "Next: make room there, or name another place by --out or TMPDIR, and synthesize again"
    )


if __name__ == "__main__":
    sys.exit(main())
