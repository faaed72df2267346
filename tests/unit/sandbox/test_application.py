"""The layer before moto: requests take turns, since moto's own state bears no two at once."""

from __future__ import annotations

import io
import threading
import time
from typing import Any

import pytest

from sandbox.extension.application import Application

SIGNED = "AWS4-HMAC-SHA256 Credential=111122223333/20261127/us-west-2/{}/aws4_request, SignedHeaders=host"


def most_at_once(service: str) -> int:
    """How many of five requests to ``service`` were in moto's place at once."""
    inside: list[int] = []
    counted: list[int] = []

    def inner(environ: Any, start: Any) -> list[bytes]:
        del environ
        inside.append(1)
        counted.append(len(inside))
        time.sleep(0.05)
        inside.pop()
        start("200 OK", [])
        return [b"{}"]

    application = Application(inner, [])
    answered: list[bytes] = []

    def ask() -> None:
        asked = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "HTTP_AUTHORIZATION": SIGNED.format(service),
            "wsgi.input": io.BytesIO(),
        }
        answered.extend(application(asked, lambda *_: None))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answered == [b"{}"] * 5
    return max(counted)


@pytest.mark.parametrize("service", ["ecr", "ec2"])
def test_one_request_at_a_time_reaches_moto(service: str) -> None:
    assert most_at_once(service) == 1


def test_who_waits_for_a_message_holds_up_nobody_who_sends_one() -> None:
    assert most_at_once("sqs") > 1
