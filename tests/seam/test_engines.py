"""What is installed is the switch between the engine and its fork."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from constructs_lib import bindings
from tests.seam.test_imports import imports
from tools import npm


@pytest.mark.parametrize(
    ("there", "aws"),
    [
        ({"cdktf"}, "cdktf_cdktf_provider_aws"),
        ({"cdktn"}, "cdktn_provider_aws"),
        ({"cdktf", "cdktn"}, "cdktf_cdktf_provider_aws"),
    ],
)
def test_the_fork_is_taken_only_where_the_engine_is_not_installed(there: set[str], aws: str) -> None:
    assert bindings.installed(there.__contains__)["cdktf_cdktf_provider_aws"] == aws


def test_without_either_it_is_said_what_to_do() -> None:
    with pytest.raises(ImportError, match="cdktf is not installed; run `make setup`"):
        bindings.installed(set().__contains__)


def test_every_package_of_the_engine_that_is_named_has_one_of_each_engine() -> None:
    named = {module.partition(".")[0] for _, module in imports() if module.startswith("cdktf")}
    assert named == set(bindings.ENGINES["cdktf"]) == set(bindings.ENGINES["cdktn"])


def test_an_import_by_the_engines_name_gives_the_forks_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "fork_of_it"
    package.mkdir()
    (package / "__init__.py").write_text("from fork_of_it import thing\n")
    (package / "thing.py").write_text("assert False, 'checked at run time'\n\nclass Thing: ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [bindings._BindingsFinder({"named": "fork_of_it"}), *sys.meta_path])
    try:
        by_alias, real = importlib.import_module("named.thing"), importlib.import_module("fork_of_it.thing")
        assert by_alias is real and by_alias.Thing.__module__ == "fork_of_it.thing"
        assert real.__spec__ is not None and real.__spec__.name == "fork_of_it.thing"
        assert sys.modules["named"] is sys.modules["fork_of_it"]
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] in ("named", "fork_of_it")]:
            del sys.modules[name]


def test_type_checks_stay_where_they_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a_binding.py").write_text("if __debug__:\n    raise TypeError('checked')\n")
    monkeypatch.syspath_prepend(tmp_path)
    # Without the session's own finder, which would change too.
    others = [finder for finder in sys.meta_path if not isinstance(finder, bindings._BindingsFinder)]
    monkeypatch.setattr(sys, "meta_path", [bindings._BindingsFinder({"a_binding": "a_binding"}), *others])
    assert importlib.import_module("a_binding")
    monkeypatch.delitem(sys.modules, "a_binding")
    bindings.check_types()
    with pytest.raises(TypeError, match="checked"):
        importlib.import_module("a_binding")


# As TypeScript compiles "export * as vpc from './vpc'", in the engine's packages and in the fork's.
INDEXES = {
    "cdktf": "exports.{name} = require('./{name}');",
    "cdktn": "exports.{name} = (m => m.__esModule ? m : {{ ...m }})(require('./{name}'));",
}
ASK = """
const index = require(process.argv[1]);
const before = Object.keys(require.cache).length;
console.log(JSON.stringify([before, index.vpc.Vpc, Object.keys(require.cache).length]));
"""


@pytest.mark.parametrize("scope", INDEXES)
def test_an_index_loads_a_module_when_it_is_used(tmp_path: Path, scope: str) -> None:
    library = tmp_path / f"@{scope}" / "provider-aws" / "lib"
    for name in ("vpc", "subnet"):
        (library / name).mkdir(parents=True)
        (library / name / "index.js").write_text(
            f"Object.defineProperty(exports, '__esModule', {{ value: true }}); exports.{name.title()} = '{name}';"
        )
    index = library / "index.js"
    index.write_text("\n".join(INDEXES[scope].format(name=name) for name in ("vpc", "subnet")))
    command = [str(npm.node()), "--require", str(bindings._PRELOAD), "-e", ASK, str(index)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # The preloaded script and the index, then the one that is used.
    before, value, after = json.loads(printed)
    assert (value, after - before) == ("vpc", 1)
