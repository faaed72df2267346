"""Check generated blocks against a provider's own schema: unknown, missing and misplaced arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Arguments that Terraform itself defines for every resource, and its comment.
META = frozenset({"//", "lifecycle", "depends_on", "provider", "count", "for_each", "connection", "provisioner"})


def problems(block: Mapping[str, Any], arguments: Mapping[str, Any], path: str) -> Iterator[str]:
    """What is wrong with ``arguments`` under a schema ``block`` of ``providers schema -json``."""
    attributes = block.get("attributes", {})
    nested = block.get("block_types", {})
    for name, value in arguments.items():
        if name in META and path.count(".") == 1:
            continue
        if name in attributes:
            yield from _attribute(attributes[name], value, f"{path}.{name}")
        elif name in nested:
            for index, item in enumerate(value if isinstance(value, list) else [value]):
                yield from problems(nested[name]["block"], item, f"{path}.{name}[{index}]")
        else:
            yield f"{path}.{name}: unknown argument"
    yield from _missing(block, arguments, path)


def _attribute(attribute: Mapping[str, Any], value: Any, path: str) -> Iterator[str]:
    if not (attribute.get("optional") or attribute.get("required")):
        yield f"{path}: is computed and can't be set"
    nested = attribute.get("nested_type")
    if nested is None:
        yield from _mistyped(attribute.get("type"), value, path)
    elif nested["nesting_mode"] == "single" and not isinstance(value, Mapping):
        yield f"{path}: must be one object"
    else:
        for item in value if isinstance(value, list) else [value]:
            yield from problems({"attributes": nested["attributes"]}, item, path)


def _mistyped(kind: Any, value: Any, path: str) -> Iterator[str]:
    """Whether ``value`` has the shape of ``kind``; an expression may have any, and scalars convert to each other."""
    if kind is None or (isinstance(value, str) and "${" in value):
        return
    shape = kind[0] if isinstance(kind, list) else "scalar"
    given = "list" if isinstance(value, list) else "map" if isinstance(value, Mapping) else "scalar"
    wanted = {"list": "list", "set": "list", "tuple": "list", "map": "map", "object": "map"}.get(shape, "scalar")
    if kind != "dynamic" and given != wanted:
        yield f"{path}: is a {given} and must be a {wanted}"
    elif kind == "bool" and value not in (True, False, "true", "false"):
        yield f"{path}: must be true or false"


def _missing(block: Mapping[str, Any], arguments: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("required") and name not in arguments:
            yield f"{path}: {name} is missing"
    for name, kind in block.get("block_types", {}).items():
        if kind.get("min_items", 0) and name not in arguments:
            yield f"{path}: block {name} is missing"


def stack_problems(provider: Mapping[str, Any], document: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Problems of every resource and data source whose type starts with ``prefix`` in a stack's JSON."""
    for section, schemas in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        for kind, named in document.get(section, {}).items():
            if not kind.startswith(prefix):
                continue
            if kind not in provider[schemas]:
                yield f"{kind}: unknown type"
                continue
            for name, arguments in named.items():
                yield from problems(provider[schemas][kind]["block"], arguments, f"{kind}.{name}")


def provider_problems(provider: Mapping[str, Any], document: Mapping[str, Any], name: str) -> Iterator[str]:
    """Problems of the configurations of provider ``name`` in a stack's JSON."""
    for index, configuration in enumerate(document.get("provider", {}).get(name, [])):
        yield from problems(provider["provider"]["block"], configuration, f"provider.{name}[{index}]")
