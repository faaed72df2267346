"""Packages of Python, npm and Go, out of their locks."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model.component import ComponentType
from license_expression import get_spdx_licensing
from packageurl import PackageURL
from pip_requirements_parser import RequirementsFile

from tools.go_modules import Published, of_ci_tools, recorded
from tools.go_modules import every as modules
from tools.locks import LOCKS
from tools.sbom.item import CHECKSUM, Item

# What makes a deployment, or runs in an image of ours; the others build or test. Image atlantis has checkov as well.
_RUNNING = ("requirements.lock", "requirements-checkov.lock")
# The engine's command line makes the JSON where people synthesize with it; the others test and compare.
_RUNNING_NPM = "tools/cdktf-cli/package-lock.json"
_INSTALLED = "node_modules/"


def python(root: Path) -> Iterator[Item]:
    """Every package of every lock."""
    for lock in LOCKS:
        runs = lock.path in _RUNNING or lock.path.startswith("images/")
        for requirement in RequirementsFile.from_file(str(root / lock.path)).requirements:
            (pin,) = requirement.specifier
            # pip's option has the algorithm in front of the value, as ours.
            hashes = frozenset(text.removeprefix("--hash=") for text in requirement.hash_options)
            yield Item(
                purl=PackageURL(type="pypi", name=requirement.name, version=pin.version),
                sources=frozenset({lock.path}),
                hashes=hashes,
                runs=runs,
            )


def npm_locks(root: Path) -> list[Path]:
    """Every lock of npm packages, relative to the repository."""
    return sorted(path.relative_to(root) for path in root.glob("*/*/package-lock.json") if path.parts[-3][0] != ".")


def npm(root: Path) -> Iterator[Item]:
    """Every package of every lock; one that comes inside another's archive has no hash of its own."""
    licences = get_spdx_licensing()
    for lock in map(str, npm_locks(root)):
        packages = json.loads((root / lock).read_text(encoding="utf-8"))["packages"]
        for place, found in packages.items():
            if not place:
                continue
            group, _, name = found.get("name", place.rpartition(_INSTALLED)[2]).rpartition("/")
            licence = found.get("license", "")
            known = licence and not licences.validate(licence).errors
            purl = PackageURL(type="npm", namespace=group or None, name=name, version=found["version"])
            yield Item(
                purl=purl,
                sources=frozenset({lock}),
                hashes=frozenset(_integrity(each) for each in found.get("integrity", "").split()),
                runs=lock == _RUNNING_NPM,
                licence=licence if known else "",
            )


def go() -> Iterator[Item]:
    """The modules that programs are built from, with the checksum of each; what a module needs is in its own go.sum."""
    inside = {str(module) for module in of_ci_tools().values()}
    for name, module in modules().items():
        found = {"images/ci-tools/programs.txt"} if name in inside else set()
        yield Item(
            purl=go_purl(module),
            kind=ComponentType.APPLICATION,
            sources=frozenset({"tools/go.sum", *found}),
            # OpenTofu applies what is made; the others of tools/ test it.
            runs=name in inside or module.path == "github.com/opentofu/opentofu",
            notes={CHECKSUM: recorded()[name]},
        )


def go_purl(module: Published) -> PackageURL:
    group, _, name = module.path.rpartition("/")
    return PackageURL(type="golang", namespace=group, name=name, version=f"v{module.version}")


def _integrity(text: str) -> str:
    """``sha512-<base64>`` (W3C, Subresource Integrity) as ``sha512:<hex>``."""
    algorithm, _, value = text.partition("-")
    return f"{algorithm}:{base64.b64decode(value).hex()}"
