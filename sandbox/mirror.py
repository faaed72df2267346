"""Where providers come from: a mirror on this machine if there is one, else one that the engine fills once."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from idp.errors import OperationError
from tools.build import tofu

REGISTRIES = ("registry.opentofu.org", "registry.terraform.io")
FOUND = "registry.terraform.io"
FILLED = Path(__file__).resolve().parent.parent / ".cache" / "providers"
DEPTH = 3
# The extension of the server is written against this version.
PROVIDER = {"source": "hashicorp/aws", "version": "5.100.0"}


def cli_config(directory: Path) -> Path:
    """Write a CLI configuration file below ``directory`` that takes providers from a mirror only; returns its path.

    Raises OperationError where there is no mirror and none can be filled.
    """
    config = directory.resolve() / "engine.tfrc"
    mirror = _for_both(find_mirror() or _filled(), directory.resolve() / "mirror")
    installation = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
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


def _filled() -> Path:
    """Let the engine download the AWS provider once; needs internet access."""
    if any(FILLED.glob("*/*/*/*")):
        return FILLED
    engine = tofu()
    if engine is None:
        raise OperationError("no engine to download providers with", remedy="run `make tools`")
    root = FILLED.parent / "providers-root"
    root.mkdir(parents=True, exist_ok=True)
    (root / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": {"aws": PROVIDER}}}))
    variables = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    command = [str(engine), "providers", "mirror", str(FILLED)]
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OperationError(
            f"no provider mirror on this machine, and the download failed:\n{done.stdout}{done.stderr}",
            remedy="allow access to the registry, or unpack the provider below a directory registry.terraform.io",
        )
    return FILLED
