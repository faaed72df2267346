"""What is named by a tag or a range is told, and is a problem where `validate --pinned` asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import images as recorded
from config.deployment import Deployment
from config.loader import load
from constructs_lib.components import copies as copying
from idp import validate_cli
from idp.engine import Engine
from idp.operation import Operation
from idp.output import Stack
from idp.pinned import images, providers
from idp.providers import Lock
from idp.workspace import Workspace

ROOT = Path(__file__).resolve().parents[3]
DIGEST = f"sha256:{'ab' * 32}"


@pytest.fixture(scope="module")
def shipped() -> dict[str, Deployment]:
    return {each.id: each for each in load(ROOT / "cdktf.json")}


def test_a_deployment_says_how_many_of_its_images_have_no_digest(
    shipped: dict[str, Deployment], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = copying.copies(shipped["idp-pci"])
    said = list(images(shipped.values()))
    assert len(said) == 2 and said[0].startswith("idp: ") and "through caches" in said[0]
    assert f"{len(wanted)} of {len(wanted)} images have no digest in images.lock.json" in said[1]
    assert "idp images copy --deployment idp-pci" in said[1]
    known = {each.source: DIGEST for each in wanted}
    monkeypatch.setattr(copying, "recorded", lambda: known)
    assert list(images([shipped["idp-pci"]])) == []
    del known[wanted[0].source]
    (line,) = images([shipped["idp-pci"]])
    assert f"1 of {len(wanted)} images" in line and wanted[0].source in line
    assert dict(recorded.recorded()) == {}


def test_a_missing_lock_of_providers_is_a_problem_and_told(
    shipped: dict[str, Deployment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = Lock(engine="opentofu", directory=tmp_path)
    (problem,) = providers(lock, [])
    assert problem.startswith("no providers/opentofu.lock.hcl")
    lock.path.write_text(
        'provider "x/y/z" {\n  version = "1.0.0"\n  hashes = [\n    "h1:00",\n  ]\n}\n', encoding="utf-8"
    )
    assert providers(lock, []) == ["opentofu.lock.hcl: x/y/z has hashes for 1 of 3 platforms"]

    monkeypatch.setenv("IDP_PROVIDERS", str(tmp_path / "none"))
    monkeypatch.setattr(validate_cli, "engine_of", lambda _: "opentofu")
    none: list[Stack] = []
    running = Operation(engine=Engine(program=Path("tofu")), workspace=Workspace(root=tmp_path), stacks=none)
    assert validate_cli._unpinned(running, [shipped["idp-pci"]]) == 2
    assert capsys.readouterr().err.count("not pinned: ") == 2
