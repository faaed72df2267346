"""Where providers come from: a mirror on this machine if there is one, else one that the engine fills once.

``python -m sandbox.mirror`` fills another one, of the AWS provider's next major, for the tests of upgrades.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from idp.errors import OperationError
from tools.build import tofu

REGISTRIES = ("registry.opentofu.org", "registry.terraform.io")
FOUND = "registry.terraform.io"
FILLED = Path(__file__).resolve().parent.parent / ".cache" / "providers"
DEPTH = 3
# The extension of the server is written against this version.
PROVIDER = {"source": "hashicorp/aws", "version": "5.100.0"}
# The next major, beside it: nothing but the tests of upgrades uses it.
NEXT = {"source": "hashicorp/aws", "version": ">= 6.0.0, < 7.0.0"}
NEXT_FILLED = FILLED.with_name("providers-next")


def cli_config(directory: Path, mirror: Path | None = None) -> Path:
    """Write a CLI configuration file below ``directory`` that takes providers from a mirror only; returns its path.

    ``mirror`` is the one to take, else the one found or filled. Raises OperationError where there is none and none can
    be filled.
    """
    config = directory.resolve() / "engine.tfrc"
    directory.mkdir(parents=True, exist_ok=True)
    linked = _for_both(mirror or find_mirror() or filled(), directory.resolve() / "mirror")
    installation = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{linked}"\n  }}\n}}\n'
    config.write_text(f"disable_checkpoint = true\n{installation}")
    return config


def find_mirror(root: Path = Path("/")) -> Path | None:
    """A directory that holds unpacked providers by registry, at most three levels below ``root``."""
    return next(_below(root, DEPTH), None)


def _below(directory: Path, depth: int) -> Iterator[Path]:
    skipped = {"proc", "sys", "dev", "run", "tmp"}
    try:
        entries = sorted((e for e in os.scandir(directory) if e.is_dir(follow_symlinks=False)), key=lambda e: e.name)
    except OSError:
        return
    for entry in entries:
        if entry.name == FOUND and any(Path(entry.path).glob("*/aws/*/*")):
            yield directory
        elif depth > 1 and entry.name not in skipped:
            yield from _below(Path(entry.path), depth - 1)


def _for_both(mirror: Path, target: Path) -> Path:
    """A mirror that OpenTofu and Terraform find providers in: each looks under its own registry's name.

    Packages are links, unpacked (a directory per platform) or packed; the folders above are real, since the engines
    don't follow links there.
    """
    for package in (*mirror.glob("*/*/*/*/*"), *mirror.glob("*/*/*/*.zip")):
        for registry in REGISTRIES:
            link = target.joinpath(registry, *package.relative_to(mirror).parts[1:])
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(package)
    return target


def filled(provider: Mapping[str, str] = PROVIDER, target: Path | None = None) -> Path:
    """Let the engine download ``provider`` into ``target`` once; needs internet access. Raises OperationError."""
    target = target or FILLED
    if any(target.glob("*/*/*/*")):
        return target
    engine = tofu()
    if engine is None:
        raise OperationError("no engine to download providers with", remedy="run `make tools`")
    root = target.with_name(f"{target.name}-root")
    root.mkdir(parents=True, exist_ok=True)
    (root / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": {"aws": dict(provider)}}}))
    variables = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    command = [str(engine), "providers", "mirror", str(target)]
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OperationError(
            f"no provider mirror on this machine, and the download failed:\n{done.stdout}{done.stderr}",
            remedy="allow access to the registry, or unpack the provider below a directory registry.terraform.io",
        )
    return target


def main() -> int:
    try:
        print(filled(NEXT, NEXT_FILLED))
    except OperationError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
