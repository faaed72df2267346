"""Tests of reading the output and of the order of its stacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from idp.errors import OperationError
from idp.output import ordered, stacks_of
from tests.synth import Synth
from tests.unit.idp.output import stack, write_output


def test_a_stack_comes_after_what_it_reads_and_bootstrap_first() -> None:
    stacks = [
        stack("idp-cluster-eks", reads=["idp-foundation-data", "idp-foundation-vpc"]),
        stack("idp-foundation-data", reads=["idp-foundation-vpc"]),
        stack("idp-account"),
        stack("idp-foundation-vpc"),
        stack("idp-bootstrap"),
    ]
    names = [found.name for found in ordered(stacks)]
    assert names == ["idp-bootstrap", "idp-account", "idp-foundation-vpc", "idp-foundation-data", "idp-cluster-eks"]


def test_a_circle_of_reads_is_refused_with_its_path() -> None:
    with pytest.raises(OperationError, match="idp-a.*idp-b"):
        ordered([stack("idp-a", reads=["idp-b"]), stack("idp-b", reads=["idp-a"])])


def test_remote_states_decide_the_order_whatever_the_manifest_says(tmp_path: Path) -> None:
    write_output(tmp_path, {"idp-foundation-data": ["idp-foundation-vpc"], "idp-foundation-vpc": []})
    assert [found.name for found in stacks_of(tmp_path, "idp")] == ["idp-foundation-vpc", "idp-foundation-data"]


def test_a_deployment_whose_id_begins_with_anothers_is_told_apart(tmp_path: Path) -> None:
    write_output(tmp_path, {"idp-bootstrap": []})
    write_output(tmp_path, {"idp-pci-bootstrap": []}, deployment="idp-pci")
    assert [found.name for found in stacks_of(tmp_path, "idp")] == ["idp-bootstrap"]
    assert [found.name for found in stacks_of(tmp_path, "idp-pci")] == ["idp-pci-bootstrap"]


def test_an_unknown_deployment_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    write_output(tmp_path, {"idp-bootstrap": []})
    with pytest.raises(OperationError, match="name one of: idp"):
        stacks_of(tmp_path, "ipd")


def test_without_an_output_the_remedy_is_to_synthesize(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="make synth"):
        stacks_of(tmp_path, "idp")


def test_every_shipped_stack_stands_after_all_that_it_reads(shipped: Synth) -> None:
    stacks = stacks_of(shipped.directory, "idp")
    assert stacks[0].is_bootstrap
    seen: set[str] = set()
    for found in stacks:
        assert found.reads <= seen
        seen.add(found.name)
