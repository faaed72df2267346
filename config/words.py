"""What a key may hold, in words, read from the models: for messages, the reference and the JSON Schema alike."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.types import Allowed


def of_field(field: FieldInfo) -> Any:
    """The whole annotation of ``field``, its metadata included."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def allowed(annotation: Any) -> str:
    """What ``annotation`` admits, as a phrase without a full stop: ``a whole number from 1 to 20``."""
    base, metadata = _peel(annotation)
    for item in metadata:
        if isinstance(item, Allowed):
            return item.words
    if get_origin(base) is Literal:
        return f"one of {', '.join(str(choice) for choice in get_args(base))}"
    if get_origin(base) is tuple:
        return f"a list{_at_least(metadata)}; each item is {allowed(get_args(base)[0])}"
    if get_origin(base) is Mapping:
        return f"an object; each value is {allowed(get_args(base)[1])}"
    if isinstance(base, type) and issubclass(base, BaseModel):
        known = keys(base)
        return f"an object with the keys {', '.join(known)}" if len(known) <= 20 else "an object with known keys"
    if base is bool:
        return "true or false"
    return f"a {'whole ' if base is int else ''}number{_bounds(metadata)}" if base in (int, float) else "text"


def choices(annotation: Any) -> tuple[str, ...]:
    """The text values of a closed list of values, empty for every other annotation."""
    base, _ = _peel(annotation)
    return tuple(c for c in get_args(base) if isinstance(c, str)) if get_origin(base) is Literal else ()


def entries(annotation: Any) -> tuple[str, ...]:
    """The names that an object of a closed list of names may hold, empty for every other annotation."""
    base, _ = _peel(annotation)
    return choices(get_args(base)[0]) if get_origin(base) is Mapping else ()


def keys(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys of ``model`` as they are written in the file."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def find(model: type[BaseModel], location: Sequence[str | int]) -> Any:
    """The annotation at ``location``, a path of keys and list indices, or None where the models have no such place."""
    current: Any = model
    for part in location:
        base, _ = _peel(current)
        if get_origin(base) is tuple and isinstance(part, int):
            current = get_args(base)[0]
        elif get_origin(base) is Mapping:
            current = get_args(base)[1]
        elif isinstance(base, type) and issubclass(base, BaseModel):
            fields = {field.alias or name: field for name, field in base.model_fields.items()}
            if part not in fields:
                return None
            current = of_field(fields[str(part)])
        else:
            return None
    return current


def is_number(annotation: Any) -> bool:
    """Whether a value of ``annotation`` is written without quotes."""
    base, _ = _peel(annotation)
    return base in (int, float, bool) or (get_origin(base) is Literal and not choices(annotation))


def is_text(annotation: Any) -> bool:
    """Whether a value of ``annotation`` is written in quotes."""
    base, _ = _peel(annotation)
    return base is str or bool(choices(annotation))


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The model that ``annotation`` is, or None."""
    base, _ = _peel(annotation)
    return base if isinstance(base, type) and issubclass(base, BaseModel) else None


def walk(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar, list and object below ``model`` with its key path; list items are written ``[]``."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        yield from _walk(of_field(field), f"{path}.{key}" if path else key)


def _walk(annotation: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, annotation
    base, _ = _peel(annotation)
    if get_origin(base) is tuple:
        yield from _walk(get_args(base)[0], f"{path}[]")
    nested = model_of(base)
    if nested is not None:
        yield from walk(nested, path)


def _peel(annotation: Any) -> tuple[Any, list[Any]]:
    """The bare type below ``Annotated`` and ``| None``, and all metadata on the way."""
    metadata: list[Any] = []
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *found = get_args(annotation)
            for item in found:
                metadata.extend(item.metadata if isinstance(item, FieldInfo) else [item])
        elif origin in (Union, types.UnionType):
            (annotation,) = (argument for argument in get_args(annotation) if argument is not type(None))
        else:
            return annotation, metadata


def _at_least(metadata: Sequence[Any]) -> str:
    lengths = [item.min_length for item in metadata if isinstance(item, MinLen)]
    return f" of at least {lengths[0]}" if lengths else ""


def _bounds(metadata: Sequence[Any]) -> str:
    low = next((item.ge for item in metadata if isinstance(item, Ge)), None)
    high = next((item.le for item in metadata if isinstance(item, Le)), None)
    return f" from {low} to {high}" if low is not None and high is not None else ""
