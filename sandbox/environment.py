"""The environment that points an engine, and boto3, at the local server and at nothing else. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from idp.errors import OperationError

LOOPBACK = "127.0.0.1"
# With an account's 12 digits behind it: as long as an access key, and none that AWS would give.
KEY_PREFIX = "SANDBOX0"
_KEY = re.compile(f"^{KEY_PREFIX}([0-9]{{12}})$")
# What could lead to a real account, or past the local server: credentials, profiles, endpoints, proxies, bundles.
FOREIGN_PREFIXES = ("AWS_", "TF_", "MOTO_")
FOREIGN = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"})


def endpoint(port: int) -> str:
    """The server's address. The IP, not a name: the S3 SDK then addresses buckets by path."""
    return f"http://{LOOPBACK}:{port}"


def account_of(access_key: str) -> str | None:
    """The account that an access key of ours names, or None for another key."""
    found = _KEY.match(access_key)
    return found.group(1) if found else None


def environment(port: int, base: Mapping[str, str], account: str = "111122223333") -> dict[str, str]:
    """``base`` without any way to a real account, plus the local server on ``port`` as ``account``.

    Proxies point at the server as well. S3 Control puts the account before the host name, which only a proxy
    resolves; and a call that ignored the endpoint would end at a server that can't speak TLS.
    """
    kept = {
        name: value
        for name, value in base.items()
        if not name.upper().startswith(FOREIGN_PREFIXES) and name.upper() not in FOREIGN
    }
    address = endpoint(port)
    return kept | {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": f"{KEY_PREFIX}{account}",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": "us-west-2",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "HTTP_PROXY": address,
        "HTTPS_PROXY": address,
    }


def refuse_elsewhere(variables: Mapping[str, str]) -> None:
    """Raise OperationError unless every AWS endpoint in ``variables`` is the loopback and the credentials are ours."""
    endpoints = {name: value for name, value in variables.items() if name.startswith("AWS_ENDPOINT_URL")}
    outside = [name for name, value in endpoints.items() if not value.startswith(f"http://{LOOPBACK}:")]
    if outside or "AWS_ENDPOINT_URL" not in endpoints or variables.get("AWS_SECRET_ACCESS_KEY") != "sandbox":
        raise OperationError(
            f"the sandbox only talks to {LOOPBACK}: {', '.join(outside) or 'no endpoint is set'}",
            remedy="nothing was run; start it by `make sandbox`, which makes its own environment",
        )
