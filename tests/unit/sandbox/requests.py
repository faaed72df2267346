"""Requests as the routes of the extension see them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from sandbox.extension.application import Request


def request(
    service: str, method: str = "POST", path: str = "/", *, target: str = "", account: str = "111122223333", **body: Any
) -> Request:
    return Request(
        method=method,
        path=path,
        parts=tuple(unquote(part) for part in path.strip("/").split("/")),
        query={},
        headers={"x-amz-target": f"Api.{target}"} if target else {},
        body=json.dumps(body).encode(),
        service=service,
        region="us-west-2",
        account=account,
    )
