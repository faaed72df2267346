"""Values of other stacks as an expression."""

from __future__ import annotations

from constructs_lib.helm.hcl import yaml_of


def test_a_reference_stays_a_reference_and_text_stays_text() -> None:
    found = yaml_of({"a": {"b": "${data.x.outputs.arn}"}, "c": ["plain", 1, True]})
    assert found == '${yamlencode({ "a" = { "b" = data.x.outputs.arn }, "c" = ["plain", 1, true] })}'


def test_a_reference_within_text_stays_a_template() -> None:
    assert yaml_of({"a": "x-${data.y}"}) == '${yamlencode({ "a" = "x-${data.y}" })}'
