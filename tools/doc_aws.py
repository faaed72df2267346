"""Commands of the AWS CLI in documents: service, operation and options exist, by the models of botocore.

The CLI takes the names of its commands and options from these models; what it adds by hand is listed here (AWS CLI
Command Reference, 2.x).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

# Options of every command ("Global options", and those that the CLI adds to each operation).
_EVERYWHERE = frozenset(
    [
        "ca-bundle",
        "cli-connect-timeout",
        "cli-input-json",
        "cli-input-yaml",
        "cli-read-timeout",
        "color",
        "debug",
        "endpoint-url",
        "generate-cli-skeleton",
        "max-items",
        "no-cli-pager",
        "no-paginate",
        "no-sign-request",
        "no-verify-ssl",
        "output",
        "page-size",
        "profile",
        "query",
        "region",
        "starting-token",
    ]
)
# Commands that no model has. Their options are the CLI's own and aren't looked at.
_BY_HAND = {
    "configure": None,
    "ecr": {"get-login", "get-login-password"},
    "eks": {"get-token", "update-kubeconfig"},
    "logs": {"tail"},
    "s3": None,
    "sso": {"login", "logout"},
}

# Services that the CLI calls otherwise than their models.
_RENAMED = {"configservice": "config", "deploy": "codedeploy", "s3api": "s3"}


def problems_of(words: Sequence[str]) -> Iterator[str]:
    """What is wrong with the command ``words``, without its first word ``aws``."""
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    # What stands before the service are global options and their values.
    start = next((at for at, word in enumerate(words) if _is_service(word)), None)
    if start is None:
        yield f"aws has no service in: {' '.join(words)}"
        return
    service, operation, *rest = *words[start : start + 3], ""
    if _BY_HAND.get(service, ()) is None or operation in (_BY_HAND.get(service) or ()):
        return
    model = _model(service)
    if operation == "wait":
        if rest[0] not in {xform_name(name, "-") for name in _waiters(service)}:
            yield f"aws {service} has no waiter {rest[0]!r}"
        return
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        yield f"aws {service} has no operation {operation!r}"
        return
    shape = model.operation_model(names[operation]).input_shape
    known = {xform_name(name, "-") for name in (shape.members if shape else ())} | _EVERYWHERE
    for option in options:
        name = option[2:]
        if name not in known and re.sub("^no-", "", name) not in known:
            yield f"aws {service} {operation} has no option {option}"


@cache
def _session() -> Any:
    return botocore.session.get_session()


def _is_service(word: str) -> bool:
    return word in _BY_HAND or word in _RENAMED or word in _services()


@cache
def _services() -> frozenset[str]:
    return frozenset(_session().get_available_services())


@cache
def _model(service: str) -> Any:
    return _session().get_service_model(_RENAMED.get(service, service))


@cache
def _waiters(service: str) -> Sequence[str]:
    try:
        names: Sequence[str] = _session().get_waiter_model(_RENAMED.get(service, service)).waiter_names
    except UnknownServiceError:
        return ()
    return names
