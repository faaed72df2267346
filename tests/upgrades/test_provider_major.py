"""A state that AWS provider 5 wrote, attribute by attribute against the schema of 6, as the bindings have it.

The provider's program isn't asked, and its own migrations aren't run: tests/integration/test_upgrades.py does that
where there is one. What is shown here is what a migration has to do: an attribute that is gone is dropped by the
engine, one of another type has to be converted.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tools.snapshot import KEPT, Snapshot, read, versions

# Attributes of 5 that 6 has no more ("Terraform AWS Provider Version 6 Upgrade Guide"); with a value in the states,
# only the first, which 5 computes from ``domain``. The JSON sets none of them.
GONE = {
    "aws_eip.vpc",
    "aws_eks_addon.resolve_conflicts",
    "aws_flow_log.log_group_name",
    "aws_instance.cpu_core_count",
    "aws_instance.cpu_threads_per_core",
    "aws_launch_template.elastic_gpu_specifications",
    "aws_launch_template.elastic_inference_accelerator",
}
WITH_VALUE = {"aws_eip.vpc"}
# How jsii writes a type → the JSON of a state. Blocks are lists there, single ones as well.
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "str": str,
    "List[str]": list,
    "Mapping[str, str]": dict,
    "StringMap": dict,
    "Union[int, float]": (int, float),
    "Union[bool, IResolvable]": bool,
    "IResolvable": bool,
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """An attribute of a state: where, its value, and its type in 6; None where 6 has it no more."""

    path: str
    value: Any
    said: str | None


@pytest.fixture(scope="module", params=versions())
def kept(request: pytest.FixtureRequest) -> Snapshot:
    return read(KEPT / request.param)


def leaves(snapshot: Snapshot) -> Iterator[Found]:
    """Every attribute of every resource of the AWS provider in the states."""
    for state in snapshot.states.values():
        for resource in state["resources"]:
            if resource["mode"] == "managed" and resource["type"].startswith("aws_"):
                for instance in resource["instances"]:
                    yield from of_resource(resource["type"], instance["attributes"])


def of_resource(kind: str, attributes: Mapping[str, Any]) -> Iterator[Found]:
    module = importlib.import_module(f"cdktf_cdktf_provider_aws.{kind.removeprefix('aws_')}")
    # An A is added where the name would be that of another class.
    plain = kind.replace("_", "")
    (name,) = [each for each in vars(module) if f"aws{each.lower()}" in (plain, f"{plain}a")]
    yield from _of_block(vars(module), name, kind, attributes)


def _of_block(module: Mapping[str, Any], bound: str, path: str, attributes: Mapping[str, Any]) -> Iterator[Found]:
    getters = {
        name.replace("_", ""): each.fget for name, each in vars(module[bound]).items() if isinstance(each, property)
    }
    for name, value in attributes.items():
        get = getters.get(_bound_name(name))
        said = _said(get.__annotations__["return"]) if get else None
        yield Found(path=f"{path}.{name}", value=value, said=said)
        block = f"{said.removesuffix('List')}OutputReference" if said and said.endswith("List") else said
        if block is not None and block in module and isinstance(value, list):
            for each in value:
                yield from _of_block(module, block, f"{path}.{name}", each)


def _said(annotation: Any) -> str:
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return text.replace("typing.", "").replace("cdktf.", "")


def _bound_name(name: str) -> str:
    """Bindings set words apart in their own way (``crc32_c``), and call nothing as other languages' methods are."""
    return re.sub("^get_", "fetch_", re.sub("^equals$", "equal_to", name)).replace("_", "")


def gone(found: Iterable[Found]) -> dict[str, bool]:
    """Attributes that 6 has no more, and whether a state has a value of it."""
    known: dict[str, bool] = {}
    for each in found:
        if each.said is None:
            known[each.path] = known.get(each.path, False) or each.value not in (None, "", [], {}, False, 0)
    return known


def changed(found: Iterable[Found]) -> set[str]:
    """Attributes whose values aren't of the type that 6 has."""
    return {f"{each.path}: {each.said}" for each in found if each.said and not _fits(each.value, each.said)}


def _fits(value: Any, said: str) -> bool:
    # Blocks have a type of their own each.
    wanted = TYPES.get(said, list)
    return value is None or (isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool)))


def test_attributes_that_are_gone_are_known(kept: Snapshot) -> None:
    found = gone(leaves(kept))
    assert found.keys() == GONE
    assert {name for name, has_value in found.items() if has_value} == WITH_VALUE


def test_no_attribute_has_another_type(kept: Snapshot) -> None:
    found = list(leaves(kept))
    assert len({each.path for each in found}) > 1000
    assert changed(found) == set()


@pytest.mark.parametrize(
    ("kind", "attributes", "expected"),
    [
        ("aws_vpc", {"cidr_block": ["10.0.0.0/16"]}, "aws_vpc.cidr_block: str"),
        ("aws_vpc", {"enable_dns_support": "true"}, "aws_vpc.enable_dns_support: Union[bool, IResolvable]"),
        ("aws_eks_cluster", {"vpc_config": {}}, "aws_eks_cluster.vpc_config: EksClusterVpcConfigOutputReference"),
        ("aws_eks_cluster", {"vpc_config": [{"vpc_id": 1}]}, "aws_eks_cluster.vpc_config.vpc_id: str"),
    ],
)
def test_an_attribute_of_another_type_is_seen(kind: str, attributes: dict[str, Any], expected: str) -> None:
    assert changed(of_resource(kind, attributes)) == {expected}


def test_an_attribute_that_is_gone_is_seen() -> None:
    found = of_resource("aws_eks_cluster", {"classic": 1, "vpc_config": [{"peering": ""}]})
    assert gone(found) == {"aws_eks_cluster.classic": True, "aws_eks_cluster.vpc_config.peering": False}
