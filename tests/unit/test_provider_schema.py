"""The schema checker finds what it is for."""

from __future__ import annotations

from typing import Any

from tests.provider_schema import provider_problems, stack_problems

PROVIDER: dict[str, Any] = {
    "resource_schemas": {
        "aws_thing": {
            "block": {
                "attributes": {
                    "name": {"required": True},
                    "size": {"optional": True},
                    "arn": {"computed": True},
                },
                "block_types": {"part": {"min_items": 1, "block": {"attributes": {"kind": {"optional": True}}}}},
            }
        }
    },
    "data_source_schemas": {},
}


def found(arguments: dict[str, Any]) -> list[str]:
    return list(stack_problems(PROVIDER, {"resource": {"aws_thing": {"x": arguments}}}, "aws_"))


def test_a_right_block_has_no_problems() -> None:
    assert found({"name": "a", "size": 1, "part": [{"kind": "b"}], "lifecycle": {"prevent_destroy": True}}) == []


def test_unknown_computed_and_missing_arguments_are_found() -> None:
    assert found({"arn": "x", "colour": "red", "part": [{"shape": "round"}]}) == [
        "aws_thing.x.arn: is computed and can't be set",
        "aws_thing.x.colour: unknown argument",
        "aws_thing.x.part[0].shape: unknown argument",
        "aws_thing.x: name is missing",
    ]


def test_a_missing_block_is_found() -> None:
    assert found({"name": "a"}) == ["aws_thing.x: block part is missing"]


def test_an_unknown_type_is_found() -> None:
    assert list(stack_problems(PROVIDER, {"data": {"aws_other": {"x": {}}}}, "aws_")) == ["aws_other: unknown type"]


NESTED: dict[str, Any] = {
    "provider": {
        "block": {
            "attributes": {
                "access": {
                    "optional": True,
                    "nested_type": {
                        "nesting_mode": "single",
                        "attributes": {
                            "host": {"optional": True, "type": "string"},
                            "args": {"required": True, "type": ["list", "string"]},
                        },
                    },
                },
                "debug": {"optional": True, "type": "bool"},
            }
        }
    }
}


def configured(configuration: dict[str, Any]) -> list[str]:
    return list(provider_problems(NESTED, {"provider": {"p": [configuration]}}, "p"))


def test_a_right_configuration_has_no_problems() -> None:
    assert configured({"access": {"host": "${data.x.y}", "args": ["a"]}, "debug": True}) == []


def test_nested_attributes_are_checked_like_blocks() -> None:
    assert configured({"access": {"port": 1}}) == [
        "provider.p[0].access.port: unknown argument",
        "provider.p[0].access: args is missing",
    ]


def test_a_list_where_one_object_belongs_is_found() -> None:
    assert configured({"access": [{"args": ["a"]}]}) == ["provider.p[0].access: must be one object"]


def test_wrong_shapes_are_found() -> None:
    assert configured({"access": {"host": ["a"], "args": "a"}, "debug": "perhaps"}) == [
        "provider.p[0].access.host: is a list and must be a scalar",
        "provider.p[0].access.args: is a scalar and must be a list",
        "provider.p[0].debug: must be true or false",
    ]
