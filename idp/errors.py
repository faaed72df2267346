"""What an operation says when it can't go on."""

from __future__ import annotations


class OperationError(Exception):
    """An operation stopped. ``remedy`` says what to do next."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message}\nNext: {remedy}")
        self.remedy = remedy


class Interrupted(OperationError):
    """The engine was stopped by a timeout or by the user; it has released its lock and kept its state."""


class StateNotStored(Interrupted):
    """The engine was stopped and could neither store its state nor release its lock: the state is in a file."""
