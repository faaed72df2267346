"""Stacks whose resources are put together in Python: for stacks that a deployment may have a thousand of.

Every element of the engine costs two round trips to its Node process, half a millisecond each at best. A ``PlainStack``
takes the same calls with the same types, keeps the arguments, and hands all of them over at once. What it writes is
what the engine would write; a test compares the two.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from constructs_lib.engine import (
    Construct,
    DataTerraformRemoteStateS3,
    TerraformDataSource,
    TerraformElement,
    TerraformOutput,
    TerraformResource,
)
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

P = ParamSpec("P")
E = TypeVar("E", bound=TerraformElement)


class Reference:
    """Stands for an element: its attributes are Terraform's, as references (``made.arn``)."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return f"${{{self._address}.{name}}}"


class PlainStack(PlatformStack):
    """Only the stack itself and its backend are the engine's; the rest is in ``plain``, which synth joins to it."""

    def add(
        self, kind: Callable[Concatenate[Construct, str, P], E], name: str, /, *args: P.args, **kwargs: P.kwargs
    ) -> E:
        """As ``PlatformStack.add``; what comes back knows no methods, only attributes that become references.

        Raises ValueError where the address is taken or no lower-case identifier, TypeError for positional arguments.
        """
        if args:
            raise TypeError(f"{name}: arguments must be named")
        section, what = _place(kind)
        block = {key: _plain(value) for key, value in kwargs.items() if value is not None}
        named = self.plain.setdefault(section, {})
        if what:
            named = named.setdefault(what, {})
        if address(name) in named:
            raise ValueError(f"{self.full_name} has two {what or section}.{name}")
        named[name] = {"backend": "s3", "config": block} if kind is DataTerraformRemoteStateS3 else block
        return cast(E, Reference(f"data.{what}.{name}" if section == "data" else f"{what}.{name}"))

    def add_provider(self, kind: Callable[Concatenate[Construct, str, P], E], name: str, /, **arguments: Any) -> None:
        del kind
        self.plain.setdefault("provider", {})[name] = [_plain(arguments)]

    def override(self, path: str, value: Any) -> None:
        *parents, last = path.split(".")
        place = self.plain
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value


@functools.cache
def _place(kind: Any) -> tuple[str, str]:
    """Section of the JSON and Terraform type of a kind of element. Raises TypeError for one that isn't known here."""
    if kind is TerraformOutput:
        return "output", ""
    if kind is DataTerraformRemoteStateS3:
        return "data", "terraform_remote_state"
    if issubclass(kind, TerraformDataSource):
        return "data", str(kind.TF_RESOURCE_TYPE)
    if issubclass(kind, TerraformResource):
        return "resource", str(kind.TF_RESOURCE_TYPE)
    raise TypeError(f"{kind.__name__} is no resource, data source or output")


def _plain(value: Any) -> Any:
    """Arguments as JSON: the engine's structs keep theirs under Terraform's names."""
    if isinstance(value, Reference):
        return value._address
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    held = getattr(value, "_values", None)
    return value if held is None else _plain(held)
