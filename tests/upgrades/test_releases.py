"""Kept releases are whole, hold no secret, and today's stacks have all their addresses or say where they went."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from constructs_lib.addresses import addresses, lost
from tests.synth import Synth
from tools.snapshot import KEPT, OUTPUT, Snapshot, cleaned, read, secrets, versions, write

DEPLOYMENTS = ("idp", "idp-pci")
MIB = 1024 * 1024


@pytest.fixture(scope="module", params=versions())
def kept(request: pytest.FixtureRequest) -> Snapshot:
    return read(KEPT / request.param)


def test_a_first_release_is_kept() -> None:
    assert versions()[0] == "v0.1.0"


def test_a_release_is_small() -> None:
    for version in versions():
        assert sum(path.stat().st_size for path in (KEPT / version).iterdir()) < MIB, version


def test_every_stack_with_aws_resources_has_its_state(kept: Snapshot) -> None:
    aws = {stack for stack, held in addresses(kept.documents).items() if any(a.startswith("aws_") for a in held)}
    assert aws - kept.states.keys() == set()
    for stack in aws:
        in_json = {each for each in addresses(kept.documents)[stack] if each.startswith("aws_")}
        assert managed(kept.states[stack]) == in_json, stack


def managed(state: object) -> set[str]:
    assert isinstance(state, dict)
    return {f"{each['type']}.{each['name']}" for each in state["resources"] if each["mode"] == "managed"}


def test_no_state_holds_a_secret(kept: Snapshot) -> None:
    assert {stack: found for stack, state in kept.states.items() if (found := secrets(state))} == {}


def test_no_address_of_a_release_is_gone_without_a_word(kept: Snapshot, shipped: Synth) -> None:
    today = addresses({stack.name: stack.document for stack in shipped.stacks()})
    found = lost(addresses(kept.documents), today, DEPLOYMENTS)
    assert not found, "\n".join(map(str, found))


def test_a_file_that_is_another_is_refused(tmp_path: Path) -> None:
    shutil.copytree(KEPT / "v0.1.0", tmp_path / "v0.1.0")
    write(tmp_path / "other", Snapshot(about={"version": "9.9.9"}, documents={"a": {}}, states={}))
    shutil.copy(tmp_path / "other" / OUTPUT, tmp_path / "v0.1.0")
    with pytest.raises(ValueError, match=OUTPUT):
        read(tmp_path / "v0.1.0")


def test_what_is_written_is_read_again_and_the_same_each_time(tmp_path: Path) -> None:
    snapshot = Snapshot(about={"version": "1.0.0"}, documents={"a": {"resource": {}}}, states={"a": {"serial": 3}})
    for name in ("v1.0.0", "v1.0.1"):
        write(tmp_path / name, snapshot)
    found = read(tmp_path / "v1.0.0")
    assert (found.documents, found.states) == (snapshot.documents, snapshot.states)
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / v).iterdir()} for v in versions(tmp_path))
    assert first == second


def state(attributes: dict[str, object], *marked: str) -> dict[str, object]:
    marks = [[{"type": "get_attr", "value": name}] for name in marked]
    instance = {"attributes": attributes, "sensitive_attributes": marks}
    return {"resources": [{"mode": "managed", "type": "aws_x", "name": "y", "instances": [instance]}]}


@pytest.mark.parametrize(
    ("attributes", "marked", "where"),
    [
        ({"master_password": "hunter2"}, (), "master_password"),
        ({"blocks": [{"private_key": "x"}]}, (), "blocks[0].private_key"),
        ({"note": "-----BEGIN RSA PRIVATE KEY-----"}, (), "note"),
        ({"key": "AKIAIOSFODNN7EXAMPLE"}, (), "key"),
        ({"certificate": "x"}, ("certificate",), "certificate"),
    ],
)
def test_secrets_of_a_state_are_found(attributes: dict[str, object], marked: tuple[str, ...], where: str) -> None:
    assert secrets(state(attributes, *marked)) == [f"aws_x.y: {where}"]


def test_names_and_empty_values_are_no_secrets() -> None:
    harmless = {"master_password": None, "password_reset_required": True, "secret_arn": "arn:aws:x", "value": ""}
    harmless |= {"lock_token": "3f1c"}
    assert secrets(state(harmless, "value", "absent")) == []


def test_the_server_s_port_is_not_kept() -> None:
    kept = cleaned({"a": "http://127.0.0.1:39111/111122223333/queue", "check_results": None})
    assert kept == {"a": "http://127.0.0.1:4566/111122223333/queue"}
