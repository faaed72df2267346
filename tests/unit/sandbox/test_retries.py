"""Tests of answering a request that was sent again."""

from __future__ import annotations

from sandbox.extension.retries import KEPT, Answer, Retries

OK = Answer(line="200 OK", headers=[], body=b"{}")


def attempt(number: int, invocation: str = "a") -> dict[str, str]:
    return {"amz-sdk-invocation-id": invocation, "amz-sdk-request": f"attempt={number}; max=3"}


def test_a_further_attempt_gets_the_first_answer() -> None:
    retries = Retries()
    retries.keep(attempt(1), OK)
    assert retries.earlier(attempt(2)) is OK


def test_a_first_attempt_is_always_answered_anew() -> None:
    retries = Retries()
    retries.keep(attempt(1), OK)
    assert retries.earlier(attempt(1)) is None
    assert retries.earlier({}) is None


def test_another_request_is_another_request() -> None:
    retries = Retries()
    retries.keep(attempt(1, "a"), OK)
    assert retries.earlier(attempt(2, "b")) is None


def test_a_failure_is_not_remembered() -> None:
    retries = Retries()
    retries.keep(attempt(1), Answer(line="400 Bad Request", headers=[], body=b""))
    assert retries.earlier(attempt(2)) is None


def test_only_the_newest_answers_are_kept() -> None:
    retries = Retries()
    for number in range(KEPT + 1):
        retries.keep(attempt(1, str(number)), OK)
    assert retries.earlier(attempt(2, "0")) is None
    assert retries.earlier(attempt(2, str(KEPT))) is OK
