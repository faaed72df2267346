"""Guardrails on ownership: no two stacks own one object, in the cluster or in AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.aws_names import ACCOUNT_WIDE, GLOBAL, NAMES
from constructs_lib.guardrails.estate import Address, Estate, estates
from constructs_lib.guardrails.roles import account_of
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed

Found = Iterator[tuple[str, str, str]]


def one_owner(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """No two releases of a deployment make one object, and none have one name in a namespace."""
    for estate in estates(stacks, files):
        for made, makers in estate.made.items():
            if len(makers) > 1:
                yield from _shared(str(made), makers, "leave it to one of them, or name it apart")
        named: dict[tuple[str, str], list[Placed]] = {}
        for placed in estate.releases:
            named.setdefault((placed.namespace, placed.name), []).append(placed)
        for (namespace, name), releases in named.items():
            if len(releases) > 1:
                yield from _shared(f"release {namespace}/{name}", releases, "name it after its stack")


def _shared(what: str, makers: list[Placed], remedy: str) -> Found:
    for placed in makers:
        others = ", ".join(f"{each.stack} {each.address}" for each in makers if each is not placed)
        yield placed.stack, placed.address, f"{placed.values_file}: {what} is made by {others}, too; {remedy}"


def one_aws_name(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """No two resources, of all deployments, have one physical name, where AWS admits one."""
    owners: dict[tuple[str, ...], list[Address]] = {}
    for estate in estates(stacks, files):
        for stack, document in estate.stacks.items():
            for kind, resources in document.get("resource", {}).items():
                if kind in NAMES:
                    for name, arguments in resources.items():
                        key = (kind, *_scope(estate, stack, kind), *_physical(estate, stack, kind, arguments))
                        owners.setdefault(key, []).append(Address(stack, kind, name))
    for key, addresses in owners.items():
        for address in addresses if len(addresses) > 1 else ():
            others = ", ".join(f"{each.stack} {each.kind}.{each.name}" for each in addresses if each != address)
            what = f"{', '.join(NAMES[address.kind]) or 'the only one of its kind'}: {' '.join(key[1:])}"
            yield (
                address.stack,
                f"{address.kind}.{address.name}",
                f"{what} is owned by {others}, too; take the name from constructs_lib.naming, or leave it to one stack",
            )


def _scope(estate: Estate, stack: str, kind: str) -> tuple[str, ...]:
    if kind in GLOBAL:
        return ()
    account = account_of(estate, stack)
    if kind.startswith(ACCOUNT_WIDE):
        return (account,)
    provider = estate.stacks[stack].get("provider", {}).get("aws", [{}])[0]
    return account, str(provider.get("region"))


def _physical(estate: Estate, stack: str, kind: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_text(estate, stack, arguments.get(argument)) for argument in NAMES[kind])


def _text(estate: Estate, stack: str, value: Any) -> str:
    """As it is; a reference as what it leads to, so that two stacks' references to one thing are the same."""
    text = estate.literal(stack, value)
    if "${" not in text:
        return text
    found = estate.resolve(stack, text)
    return "/".join(found) if found else f"{stack}/{text}"
