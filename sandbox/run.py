"""``python -m sandbox.run up|down|synth|environment``."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from config.errors import ConfigError
from idp.engine import find_engine, terminate_as_interrupt
from idp.errors import OperationError
from sandbox.cycle import Sandbox, down, up
from sandbox.unapplied import Unapplied

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("up", "down", "synth", "environment"))
    parser.add_argument("--engine", type=Path, help="OpenTofu or Terraform; else the one found")
    parser.add_argument("--config", type=Path, default=ROOT / "cdktf.json", help="the cdktf.json to read")
    parser.add_argument("--only", default="", metavar="ID", help="one deployment; else all that the file names")
    parser.add_argument("--directory", type=Path, default=ROOT / ".sandbox", help="where server and copies live")
    arguments = parser.parse_args()
    started = time.monotonic()
    terminate_as_interrupt()
    try:
        sandbox = Sandbox(
            directory=arguments.directory,
            program=find_engine(arguments.engine),
            config=arguments.config,
            report=lambda line: print(line, flush=True),
            only=arguments.only,
        )
        _run(sandbox, arguments.command)
    except (OperationError, ConfigError) as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.command in ("up", "down"):
        print(f"{time.monotonic() - started:.0f} s in all", flush=True)
    return 0


def _run(sandbox: Sandbox, command: str) -> None:
    if command == "environment":
        account = sandbox.deployments()[0].platform.account
        made = sandbox.environment(account, {}) | sandbox.idp()
        print("\n".join(f"{name}={value}" for name, value in sorted(made.items())))
        return
    if command == "synth":
        sandbox.synthesize()
        print(f"{sandbox.output}: made anew of {sandbox.config}; nothing is applied")
        return
    print(f"engine: {sandbox.program.name}; server: loopback only, no credentials", flush=True)
    if command == "up":
        listed = Unapplied.listed()
        for name, reason in {**listed.providers, **listed.types}.items():
            print(f"not applied here: {name}: {reason}", flush=True)
        up(sandbox)
        return
    down(sandbox)
    shutil.rmtree(sandbox.directory / "work", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
