"""Rung 3: the states of kept releases, planned with today's JSON and with newer versions: what holds data stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import FURTHER_FILES, load, load_one
from constructs_lib.adoption import Rename, adoption
from constructs_lib.synth import STACK_FILE
from idp.diff.model import Entry
from idp.errors import OperationError
from sandbox.cycle import Sandbox
from sandbox.mirror import NEXT, NEXT_FILLED
from tests.integration.conftest import ROOT, tofu
from tests.integration.kept import Kept, changed_stacks, losses, restored
from tests.upgrades import bumps
from tools.snapshot import KEPT, read, versions

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1200)]
DATA = "idp-foundation-data"
AURORA = "aws_rds_cluster.database"
CLUSTER = ("idp-cluster-eks", "idp-cluster-addons")
CORE = (DATA, CLUSTER[0], "idp-bootstrap", "idp-foundation-shared")


@pytest.fixture(scope="module")
def production() -> Deployment:
    return deployments()["idp"]


def deployments() -> dict[str, Deployment]:
    return {each.id: each for each in load(ROOT / "cdktf.json")}


@pytest.fixture(scope="module", params=versions())
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A kept release's states, on a server of their own."""
    directory = tmp_path_factory.mktemp("kept")
    sandbox = Sandbox(directory=directory, program=tofu(), config=ROOT / "cdktf.json")
    with restored(read(KEPT / request.param), list(deployments().values()), sandbox) as found:
        yield found


def by_address(entries: list[Entry]) -> dict[str, str]:
    return {each.address: each.what for each in entries}


def test_today_s_json_takes_nothing_away_that_holds_data(kept: Kept, production: Deployment) -> None:
    """Stacks with databases, keys, buckets, states and the cluster, and every other one that has changed since."""
    out = kept.output("today", [production])
    stacks = sorted({*CORE, *kept.changed(out, kept.guarded(production))})
    assert set(CORE) <= set(kept.guarded(production))
    entries = kept.plan("today", out, production, stacks)
    assert not losses(entries), "\n".join(losses(entries))


@pytest.mark.soak
def test_nor_does_it_in_any_other_stack(kept: Kept, production: Deployment) -> None:
    stacks = [stack for stack in kept.guarded(production) if stack not in CORE]
    entries = kept.plan("others", kept.output("today", [production]), production, stacks)
    assert not losses(entries), "\n".join(losses(entries))


@pytest.mark.soak
def test_nor_does_it_in_the_second_deployment(kept: Kept) -> None:
    pci = deployments()["idp-pci"]
    out = kept.output("second", [pci])
    stacks = [stack.name for stack in kept.operation(out, pci).stacks if any(stack.resources())]
    assert len(stacks) > 15
    entries = kept.plan("second", out, pci, stacks)
    assert not losses(entries), "\n".join(losses(entries))


def test_the_next_minor_is_taken_in_place(kept: Kept, production: Deployment) -> None:
    before, after = kept.output("today", [production]), kept.output("minor", [minor("1.35")])
    stacks = changed_stacks(before, after, production.id)
    assert set(CLUSTER) <= set(stacks)
    entries = [each for each in kept.plan("minor", after, production, CLUSTER) if each.what != "added"]
    found = by_address(entries)
    assert found["aws_eks_cluster.cluster"] == "changed"
    assert found["aws_eks_addon.kube_proxy"] == "changed"
    assert set(found.values()) == {"changed"}, found


def minor(version: str) -> Deployment:
    context = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))["context"]
    keys = {key: value for key, value in context.items() if key != FURTHER_FILES}
    return load_one(keys | {"deployment:eks:version": version}, source="test.json")


@pytest.mark.soak
def test_newer_add_ons_are_taken_in_place(kept: Kept, production: Deployment) -> None:
    with pytest.MonkeyPatch.context() as patch:
        bumps.addons(patch)
        after = kept.output("addons", [production])
    stacks = changed_stacks(kept.output("today", [production]), after, production.id)
    assert set(stacks) == set(CLUSTER)
    entries = kept.plan("addons", after, production, stacks)
    assert {(each.kind, each.what) for each in entries} == {("aws_eks_addon", "changed")}


def test_another_identifier_of_the_database_is_refused_by_the_engine(kept: Kept, production: Deployment) -> None:
    """What the tests above would see: the JSON's own protection stops the plan."""
    out = kept.edited("identifier", kept.output("today", [production]), DATA, with_another_identifier)
    with pytest.raises(OperationError, match="instance cannot be destroyed"):
        kept.plan("identifier", out, production, [DATA])


@pytest.mark.soak
def test_without_protection_another_identifier_is_told_as_a_loss(kept: Kept, production: Deployment) -> None:
    def change(document: dict[str, Any]) -> None:
        with_another_identifier(document)
        without_protection(document)

    out = kept.edited("unprotected", kept.output("today", [production]), DATA, change)
    entries = kept.plan("unprotected", out, production, [DATA])
    assert f"replaced: {DATA}/{AURORA}" in losses(entries)


def with_another_identifier(document: dict[str, Any]) -> None:
    document["resource"]["aws_rds_cluster"]["database"]["cluster_identifier"] = "another"


def without_protection(document: dict[str, Any]) -> None:
    for kind in ("aws_rds_cluster", "aws_rds_cluster_instance"):
        for arguments in document["resource"][kind].values():
            del arguments["lifecycle"]


def test_a_rename_moves_what_a_state_holds(kept: Kept, production: Deployment) -> None:
    row = Rename(stack="foundation-data", before="aws_kms_key.data", after="aws_kms_key.database")

    def rename(document: dict[str, Any]) -> None:
        document.update(json.loads(json.dumps(document).replace(f"{row.before}.", f"{row.after}.")))
        document["resource"]["aws_kms_key"]["database"] = document["resource"]["aws_kms_key"].pop("data")
        document.update(adoption({DATA: production}, {DATA: document}, (row,))[DATA])

    out = kept.edited("rename", kept.output("today", [production]), DATA, rename)
    (moved,) = kept.plan("rename", out, production, [DATA])
    assert (moved.address, moved.what, moved.former) == (row.after, "moved", row.before)


@pytest.mark.soak
def test_the_next_provider_major_takes_nothing_away(kept: Kept, production: Deployment) -> None:
    if not any(NEXT_FILLED.glob("*/*/*/*")):
        pytest.skip("no AWS provider 6.x here: `python -m sandbox.mirror` downloads it, where the registry can be had")
    out = kept.output("next", [production])
    for path in out.glob(f"stacks/*/{STACK_FILE}"):
        document = json.loads(path.read_text(encoding="utf-8"))
        document["terraform"]["required_providers"]["aws"] = NEXT
        path.write_text(json.dumps(document, indent=2, sort_keys=True), encoding="utf-8")
    entries = kept.plan("next", out, production, kept.guarded(production), NEXT_FILLED)
    assert not losses(entries), "\n".join(losses(entries))
