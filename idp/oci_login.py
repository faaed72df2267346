"""Logins to registries, where ``docker login`` and credential helpers keep them.

Source: Docker documentation, "docker login", credential stores and helpers.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from idp.errors import OperationError

_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Login:
    name: str
    secret: str

    def __repr__(self) -> str:
        return f"Login(name={self.name!r})"


def stored(host: str) -> Login | None:
    """The login to ``host``; None where none is kept. Raises OperationError where a helper fails."""
    path = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise OperationError(f"{path} is no JSON", remedy="log in anew by `docker login`") from None
    helper = kept.get("credHelpers", {}).get(host) or kept.get("credsStore")
    if helper:
        return _helped(helper, host)
    entry = kept.get("auths", {}).get(host, {}).get("auth")
    if not entry:
        return None
    name, _, secret = base64.b64decode(entry).decode().partition(":")
    return Login(name=name, secret=secret)


def _helped(helper: str, host: str) -> Login | None:
    command = [f"docker-credential-{helper}", "get"]
    try:
        ran = subprocess.run(command, input=host, capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OperationError(f"{command[0]}: {error}", remedy="install it, or log in by `docker login`") from None
    if ran.returncode:
        # What helpers say where they keep nothing of a host; public images need no login.
        return None
    given = json.loads(ran.stdout)
    return Login(name=given["Username"], secret=given["Secret"])
