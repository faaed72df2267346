"""Go templates, as far as generated pages read them: our charts with given values, and ApplicationSets.

Real Helm needs a build of its own, and `make check` must do without it; a test compares the two. What isn't known here
is an error with file and line, never a guess. Source: Go documentation, package text/template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.go_functions import FUNCTIONS, Failed, text_of
from tools.workflow_files import Unreadable

_ACTION = re.compile(r"""(\s*)\{\{(-\s)?\s*(/\*.*?\*/|(?:"(?:\\.|[^"\\])*"|`[^`]*`|[^"`])*?)\s*(\s-)?\}\}""", re.DOTALL)
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:\\.|[^"\\])*"|`[^`]*`)|(?P<number>-?\d+)(?![\w.])|(?P<variable>\$\w*(?:\.\w+)*)"""
    r"""|(?P<path>(?:\.\w+)+|\.)|(?P<word>\w+)|(?P<sign>[|(]|\)(?:\.\w+)*))"""
)
_WORDS = {"true": True, "false": False, "nil": None}


@dataclass
class Node:
    """An action: ``word`` is what it does, ``tail`` its expression. ``body`` belongs to it, ``other`` to its else."""

    word: str
    tail: str
    line: int
    body: list[Node] = field(default_factory=list)
    other: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Scope:
    """What names mean: ``.`` and the variables, of which ``$`` is the first ``.``."""

    dot: Any
    variables: dict[str, Any]

    def inner(self, dot: Any, **variables: Any) -> Scope:
        return Scope(dot, {**self.variables, **variables})


def _nodes(text: str) -> Iterator[Node]:
    """Texts and actions, one after the other; comments are left out."""
    at, trim, line = 0, False, 1
    for found in _ACTION.finditer(text):
        space, left, inner, right = found.groups()
        before = text[at : found.start()] + ("" if left else space)
        before = before.lstrip() if trim else before
        yield Node("text", before, line)
        line = text.count("\n", 0, found.end(1)) + 1
        if not inner.startswith("/*"):
            word, _, tail = inner.partition(" ")
            known = word in ("if", "else", "end", "range", "with", "define")
            yield Node(word, tail.strip(), line) if known else Node("write", inner, line)
        at, trim = found.end(), bool(right)
    yield Node("text", text[at:].lstrip() if trim else text[at:], line)


class Template:
    """A template and the ``define``s beside it. ``shown`` names the file in messages; ``strict``: a key that isn't
    there is an error (option missingkey=error). Raises Unreadable."""

    def __init__(self, shown: str, text: str, *, beside: Sequence[Template] = (), strict: bool = False) -> None:
        self.shown, self.strict = shown, strict
        self.defined: dict[str, list[Node]] = {name: body for each in beside for name, body in each.defined.items()}
        nodes = list(_nodes(text))
        self.body = self._block(nodes, [])[0]
        if nodes:
            raise Unreadable(f"{shown}:{nodes[0].line}: end of nothing")

    def render(self, dot: Any) -> str:
        """The text for ``dot``."""
        return "".join(self._run(self.body, Scope(dot, {"$": dot})))

    def _block(self, nodes: list[Node], found: list[Node]) -> tuple[list[Node], Node | None]:
        """Nodes up to the next ``else`` or ``end`` of this level, and that one."""
        while nodes:
            node = nodes.pop(0)
            if node.word in ("else", "end"):
                return found, node
            if node.word in ("if", "range", "with", "define"):
                self._filled(node, nodes)
            if node.word == "define":
                self.defined[str(json.loads(node.tail))] = node.body
            else:
                found.append(node)
        return found, None

    def _filled(self, node: Node, nodes: list[Node]) -> None:
        node.body, last = self._block(nodes, [])
        if last is not None and last.word == "else":
            word, _, tail = last.tail.partition(" ")
            if word:
                chained = Node(word, tail, last.line)
                self._filled(chained, nodes)
                node.other = [chained]
                return
            node.other, last = self._block(nodes, [])
        if last is None:
            raise Unreadable(f"{self.shown}:{node.line}: {node.word} has no end")

    def _run(self, nodes: Sequence[Node], scope: Scope) -> Iterator[str]:
        for node in nodes:
            if node.word == "text":
                yield node.tail
                continue
            try:
                yield from self._act(node, scope)
            except (Failed, LookupError, TypeError, ValueError, AttributeError, StopIteration) as error:
                raise Unreadable(f"{self.shown}:{node.line}: {error or type(error).__name__}") from None

    def _act(self, node: Node, scope: Scope) -> Iterator[str]:
        names, tail = _assigned(node.tail)
        value = self._value(tail, scope)
        if node.word == "range":
            yield from self._each(node, names, value, scope)
        elif node.word in ("if", "with"):
            dot = value if node.word == "with" and value else scope.dot
            chosen = node.body if value else node.other
            yield from self._run(chosen, scope.inner(dot, **dict.fromkeys(names, value)))
        elif names:
            scope.variables[names[0]] = value
        else:
            yield text_of(value)

    def _each(self, node: Node, names: Sequence[str], value: Any, scope: Scope) -> Iterator[str]:
        # Go goes through maps by their keys.
        pairs = sorted(value.items()) if isinstance(value, Mapping) else list(enumerate(value or ()))
        if not pairs:
            yield from self._run(node.other, scope)
        for pair in pairs:
            given = dict(zip(names, pair if len(names) == 2 else pair[1:], strict=False))
            inner = scope.inner(pair[1], **given)
            yield from self._run(node.body, inner)
            # Assigned within, kept without.
            scope.variables.update({name: inner.variables[name] for name in scope.variables if name not in given})

    def _value(self, text: str, scope: Scope) -> Any:
        tokens = _tokens(text)
        value = self._pipe(tokens, scope)
        if tokens:
            raise Failed(f"{text} isn't understood")
        return value

    def _pipe(self, tokens: list[tuple[str, str]], scope: Scope) -> Any:
        value = self._command(tokens, scope, ())
        while tokens and tokens[0] == ("sign", "|"):
            tokens.pop(0)
            value = self._command(tokens, scope, (value,))
        return value

    def _command(self, tokens: list[tuple[str, str]], scope: Scope, piped: tuple[Any, ...]) -> Any:
        name = tokens[0][1] if tokens and tokens[0][0] == "word" and tokens[0][1] not in _WORDS else None
        if name:
            tokens.pop(0)
        given = []
        while tokens and not (tokens[0][0] == "sign" and tokens[0][1] != "("):
            given.append(self._operand(tokens, scope))
        if name:
            return self._called(name, [*given, *piped])
        # A method, such as .Files.Get.
        return given[0](*given[1:], *piped) if callable(given[0]) else given[0]

    def _called(self, name: str, given: list[Any]) -> Any:
        if name in ("include", "template"):
            if given[0] not in self.defined:
                raise Failed(f"nothing defines {given[0]}")
            return "".join(self._run(self.defined[given[0]], Scope(given[1], {"$": given[1]})))
        if name not in FUNCTIONS:
            raise Failed(f"function {name} isn't known (tools/go_functions.py)")
        return FUNCTIONS[name](*given)

    def _operand(self, tokens: list[tuple[str, str]], scope: Scope) -> Any:
        kind, text = tokens.pop(0)
        if kind == "text":
            return text[1:-1] if text[0] == "`" else json.loads(text)
        if kind == "number":
            return int(text)
        if kind == "word" and text in _WORDS:
            return _WORDS[text]
        if kind == "word":
            return self._called(text, [])
        if (kind, text) == ("sign", "("):
            value = self._pipe(tokens, scope)
            return self._at(value, tokens.pop(0)[1].removeprefix(")"))
        name, _, path = text.partition(".")
        return self._at(scope.variables[name] if name else scope.dot, f".{path}")

    def _at(self, value: Any, path: str) -> Any:
        for part in path.split("."):
            if not part:
                continue
            if not isinstance(value, Mapping) or (self.strict and part not in value):
                raise Failed(f"there is no {path}")
            value = value.get(part)
        return value


def _assigned(text: str) -> tuple[list[str], str]:
    found = re.match(r"((?:\$\w+\s*,\s*)?\$\w+)\s*:?=\s*(.*)", text, re.DOTALL)
    return (re.findall(r"\$\w+", found.group(1)), found.group(2)) if found else ([], text)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        hit = _TOKEN.match(text, at)
        if hit is None or hit.lastgroup is None:
            raise Failed(f"{text[at:]} isn't understood")
        found.append((hit.lastgroup, hit.group(hit.lastgroup)))
        at = hit.end()
    return found
