"""What isn't as expected in a file of ok-cli."""

from __future__ import annotations


class UnexpectedError(Exception):
    """A file doesn't look as expected; nothing of it is changed. The message says what was expected."""
