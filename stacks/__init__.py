"""One class for each stack: composes constructs and declares its contract."""

import constructs_lib  # noqa: F401  (prepares the fast import of bindings, before any stack imports one)
