"""The seam: only it names the engine, and only what is used is loaded."""

from __future__ import annotations

import ast
import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SEAM = {ROOT / "constructs_lib" / "engine.py", ROOT / "constructs_lib" / "bindings.py"}
PURE = ("config", "constructs_lib.naming", "constructs_lib.contracts", "constructs_lib.guardrails.rules")


@functools.cache
def imports() -> tuple[tuple[Path, str], ...]:
    """(file, module that it imports) of all of our own code."""
    return tuple(_imports())


def _imports() -> Iterator[tuple[Path, str]]:
    for package in ("config", "constructs_lib", "stacks", "idp", "sandbox", "tools"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from ((path, alias.name) for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield path, node.module


def test_only_the_seam_names_the_engine() -> None:
    named = {path for path, module in imports() if module.split(".")[0] in ("cdktf", "cdktn", "constructs", "jsii")}
    assert named <= SEAM


def test_provider_packages_are_imported_by_submodule_only() -> None:
    roots = {(str(path), module) for path, module in imports() if module.startswith("cdktf_cdktf_provider")}
    assert not [entry for entry in roots if "." not in entry[1]]


def test_dependencies_point_downward() -> None:
    allowed = {
        "config": {"config"},
        "constructs_lib": {"config", "constructs_lib"},
        "stacks": {"config", "constructs_lib", "stacks"},
    }
    own = {"config", "constructs_lib", "stacks", "idp", "sandbox", "tools", "main"}
    upward = [
        (str(path.relative_to(ROOT)), module)
        for path, module in imports()
        for package in [path.relative_to(ROOT).parts[0]]
        if package in allowed and module.split(".")[0] in own - allowed[package]
    ]
    assert not upward


def test_pure_modules_load_no_engine() -> None:
    program = f"import sys, {', '.join(PURE)}; print([m for m in sys.modules if m.split('.')[0] in ('cdktf', 'jsii')])"
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"


SYNTH = """
import sys
from pathlib import Path
from config.loader import load
import constructs_lib.synth, stacks.layers
loaded = load(Path("cdktf.json"))
constructs_lib.synth.render(getattr(loaded, "deployments", loaded), stacks.layers.build)
print(len([m for m in sys.modules if m.startswith("cdktf_cdktf_provider_aws.")]))
"""
COUNT_NODE_MODULES = """
process.on("exit", () => {
  const loaded = Object.keys(require.cache).filter((path) => path.includes("provider-aws"));
  require("fs").appendFileSync(process.env.NODE_MODULES_COUNT, `${loaded.length}\\n`);
});
"""


def test_a_synth_loads_few_modules_of_the_provider_on_both_sides(tmp_path: Path) -> None:
    # The whole package has some 2,200 modules on each side.
    probe, count = tmp_path / "count.js", tmp_path / "count"
    probe.write_text(COUNT_NODE_MODULES)
    environment = os.environ | {"NODE_OPTIONS": f"--require {probe}", "NODE_MODULES_COUNT": str(count)}
    printed = subprocess.run(
        [sys.executable, "-c", SYNTH], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert 0 < int(printed.stdout) < 300
    # jsii runs a wrapper and the kernel: the larger count is the kernel's.
    assert 0 < max(int(line) for line in count.read_text().split()) < 400
