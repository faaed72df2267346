"""Encoded values are read as the generator writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from constructs_lib.helm.hcl import yaml_of
from tests.kubernetes.terraform_values import documents


def read(values: Mapping[str, object]) -> object:
    return documents([yaml_of(values)], Path())[0]


def test_scalars_and_collections_are_read_back() -> None:
    values = {"a": {"b": [1, True, None, "x, y}"], "c": {}}, "d": []}
    assert read(values) == values


def test_a_reference_gets_its_stand_in() -> None:
    assert read({"clusterName": "${data.terraform_remote_state.eks.outputs.cluster_name}"}) == {"clusterName": "idp"}


def test_a_reference_without_a_stand_in_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(KeyError, match="give 'nobody' a value in tests/kubernetes/stand_ins.yaml"):
        read({"x": "${data.terraform_remote_state.eks.outputs.nobody}"})


def test_a_file_is_read_from_the_stack_directory(tmp_path: Path) -> None:
    (tmp_path / "values").mkdir()
    (tmp_path / "values" / "x.yaml").write_text("a: 1\n")
    assert documents(['${file("${path.module}/values/x.yaml")}'], tmp_path) == [{"a": 1}]


def test_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a values file"):
        documents(["a: 1"], Path())
