"""Values that only Terraform knows, as an expression in the JSON. Pure: imports no engine."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r"^\$\{([^{}]*)\}$")


def yaml_of(values: Mapping[str, Any]) -> str:
    """``${yamlencode({...})}`` of ``values``, whose leaves may be references such as ``${aws_sqs_queue.x.name}``."""
    return f"${{yamlencode({_expression(values)})}}"


def _expression(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(key)} = {_expression(item)}" for key, item in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_expression(item) for item in value)}]"
    reference = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return reference.group(1) if reference else json.dumps(value)
