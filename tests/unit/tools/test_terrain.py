"""Two engines' outputs are compared value by value, and only what is explained passes."""

from __future__ import annotations

import io
import json
import tarfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from config.versions import TERRAIN
from tools.programs import ROOT
from tools.run import BuildError
from tools.terrain import __main__ as terrain
from tools.terrain import home, providers
from tools.terrain.compare import ABSENT, TEXT, Difference, Explained, judge, of_directories, of_values
from tools.terrain.explained import EXPLAINED

VERSION = Explained(files="*/manifest.json", path="version", cdktf="1", terrain="2", reason="its version")
STACK = "stacks/idp-a/cdk.tf.json"


def difference(**changes: Any) -> Difference:
    values = {"file": "output/manifest.json", "path": "version", "cdktf": "1", "terrain": "2"} | changes
    return Difference(**values)


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ({"a": [1, {"b": True}]}, {"a": [1, {"b": False}]}, [("a.1.b", True, False)]),
        ({"a": {}}, {}, [("a", {}, ABSENT)]),
        ({"a": [1]}, {"a": [1, 2]}, [("a.1", ABSENT, 2)]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, [("a.0", "x", "y"), ("a.1", "y", "x")]),
        ({"a": True}, {"a": 1}, [("a", True, 1)]),
        ({"a": 1}, {"a": "1"}, [("a", 1, "1")]),
        ({"a": None}, {}, [("a", None, ABSENT)]),
    ],
)
def test_values_are_compared_by_type_and_by_order_of_lists(left: Any, right: Any, found: list[Any]) -> None:
    assert [(each.path, each.cdktf, each.terrain) for each in of_values("f", left, right)] == found


@pytest.fixture
def sides(tmp_path: Path) -> Callable[..., list[Difference]]:
    def compare(cdktf: dict[str, str], terrain: dict[str, str], *, exact: bool = True) -> list[Difference]:
        for side, files in (("cdktf", cdktf), ("terrain", terrain)):
            for name, text in files.items():
                (tmp_path / side / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / side / name).write_text(text)
        return list(of_directories(tmp_path / "cdktf", tmp_path / "terrain", exact=exact))

    return compare


def test_files_that_one_side_lacks_are_a_difference(sides: Callable[..., list[Difference]]) -> None:
    found = sides({STACK: "{}", "both": "x"}, {"both": "x", "new.json": "[]"})
    assert [(each.file, each.cdktf, each.terrain) for each in found] == [
        ("new.json", ABSENT, "2 characters"),
        (STACK, "2 characters", ABSENT),
    ]


def test_another_text_of_the_same_values_counts_where_bytes_do(sides: Callable[..., list[Difference]]) -> None:
    files: tuple[dict[str, str], ...] = ({STACK: '{"a": []}'}, {STACK: '{"a":[]}'})
    assert sides(*files, exact=False) == []
    assert [each.path for each in sides(*files, exact=True)] == [TEXT]


def test_other_files_are_compared_as_text(sides: Callable[..., list[Difference]]) -> None:
    assert [each.path for each in sides({"v.yaml": "a: 1"}, {"v.yaml": "a: 12"}, exact=False)] == [TEXT]


@pytest.mark.parametrize(
    "changes",
    [{"file": STACK}, {"path": "version.x"}, {"cdktf": "0"}, {"terrain": "3"}, {"terrain": ABSENT}],
)
def test_an_explanation_holds_for_its_place_and_its_values_only(changes: dict[str, Any]) -> None:
    verdict = judge([difference(), difference(**changes)], [VERSION])
    assert verdict.unexplained == [difference(**changes)] and not verdict.good


def test_what_is_explained_passes_with_its_reason() -> None:
    verdict = judge([difference()], [VERSION])
    assert verdict.good and verdict.found == ((difference(), "its version"),)


def test_an_explanation_that_nothing_needs_fails() -> None:
    verdict = judge([], [VERSION])
    assert verdict.needless == (VERSION,) and not verdict.good


@pytest.mark.parametrize(("version", "code"), [("2", 0), ("9", 1)])
def test_a_run_says_what_it_found_and_fails_on_what_nothing_explains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], version: str, code: int
) -> None:
    def synthesize(python: Path, directory: Path) -> None:
        for file in ("output/manifest.json", "engine/shipped/manifest.json"):
            (directory / file).parent.mkdir(parents=True)
            (directory / file).write_text(json.dumps({"version": version if python == Path("terrain") else "1"}))

    monkeypatch.setattr(terrain, "EXPLAINED", (VERSION,))
    monkeypatch.setattr(home, "python", lambda: Path("terrain"))
    monkeypatch.setattr(terrain, "_synthesize", synthesize)
    monkeypatch.setattr("sys.argv", ["terrain", "--out", str(tmp_path / "out")])
    assert terrain.main() == code
    said = capsys.readouterr().out
    assert (said.count("UNEXPLAINED"), said.count("NEEDLESS")) == ((2, 1) if code else (0, 0))
    report = json.loads((tmp_path / "out" / "differences.json").read_text())
    assert [each["reason"] for each in report] == [None if code else "its version"] * 2


def test_the_explanations_are_of_the_versions_that_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    pins = {requirement.name: str(requirement.specifier) for requirement in map(Requirement, project)}
    assert {(f"=={one.cdktf}", one.terrain) for one in EXPLAINED} == {(pins["cdktf"], TERRAIN["cdktn"])}
    assert all(one.reason for one in EXPLAINED)


def test_versions_of_providers_are_those_in_the_packages(tmp_path: Path) -> None:
    for name, version in (("aws", "6.69.1"), ("helm", "3.3.0"), ("kubernetes", "3.4.0")):
        package = {"cdktf": {"provider": {"name": f"registry.terraform.io/hashicorp/{name}", "version": version}}}
        text = json.dumps(package).encode()
        folder = tmp_path / "lib" / "python3.11" / "site-packages" / f"cdktn_provider_{name}" / "_jsii"
        folder.mkdir(parents=True)
        with tarfile.open(folder / f"provider-{name}@1.0.0.jsii.tgz", "w:gz") as archive:
            (member := tarfile.TarInfo("package/package.json")).size = len(text)
            archive.addfile(member, io.BytesIO(text))
    found = providers.of("cdktn", tmp_path / "bin" / "python")
    assert found == {"aws": "6.69.1", "helm": "3.3.0", "kubernetes": "3.4.0"}


def test_the_environment_is_made_once_for_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def make(lock: Path, where: Path) -> Path:
        made.append(lock)
        where.mkdir(exist_ok=True)
        return where / "bin" / "python"

    monkeypatch.setattr(home.environment, "make", make)
    monkeypatch.setattr(home, "LOCK", tmp_path / "lock")
    for text in ("a==1\n", "a==1\n", "a==2\n"):
        home.LOCK.write_text(text)
        assert home.python(tmp_path / "home") == tmp_path / "home" / "bin" / "python"
    assert len(made) == 2


# The words of uv 0.13 without a registry, for a version that it lacks, and for a package that isn't the lock's.
@pytest.mark.parametrize(
    ("words", "skips"),
    [
        ("error: Failed to fetch: `simple/cdktn/`\n  cause: error sending request", True),
        ("cause: Because there is no version of cdktn==0.24.99 and you require it", True),
        ("Hash mismatch for `cdktn==0.24.0`\n  Expected: sha256:0d9f Computed: sha256:6da8", False),
    ],
)
def test_only_packages_that_cannot_be_had_are_a_reason_to_skip(words: str, skips: bool) -> None:
    assert home.cannot_be_had(BuildError(words)) is skips
