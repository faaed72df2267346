"""What a shell block names: bash reads it; its targets, verbs, options, modules, paths and AWS commands exist."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from tools import doc_aws

_INNER = re.compile(r"\$\(((?:[^()]|\([^()]*\))*)\)")
_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)(\w+)\1")
_TOKEN = re.compile(
    r"""(?P<space>[ \t]+|\\\n)
      | (?P<comment>\#[^\n]*)
      | (?P<redirect>\d*(?:<<<|<<-?|>>|>\||[<>]&?|&>)[ \t]*)
      | (?P<end>\n|;;|;|&&|&|\|\||\||[()])
      | (?P<word>(?:'[^']*'|"(?:\\.|[^"\\])*"|\$\((?:[^()]|\([^()]*\))*\)|\\.|[^\s'"\\;&|()<>])+)""",
    re.VERBOSE | re.DOTALL,
)
_LEADING = re.compile(
    r"^(?:[A-Za-z_]\w*=.*|if|then|else|elif|while|until|do|done|fi|!|\{|\}|time|sudo|exec|eval|export)$", re.DOTALL
)
_PATH = re.compile(r"^\.?[\w@-][\w.@-]*(?:/[\w.@-]+)+/?$")
_PYTHON = re.compile(r"^(?:.*/)?python3?$")
# Made by the project itself, so they needn't be there before it runs.
_MADE = frozenset({"cdktf.out"})
_READERS = frozenset({"cat", "cp", "head", "jq", "less", "mv", "tail"})


def problems_of(text: str, root: Path) -> list[str]:
    """What is wrong with the block ``text``, whose paths are relative to ``root``."""
    read = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
    if read.returncode:
        return [f"bash doesn't read it: {' '.join(read.stderr.split())}"]
    found: list[str] = []
    made: set[str] = set()
    for command in commands(text):
        found += _command(command, root, made)
        if command[0] in ("cp", "mv", "mkdir", "tee", "touch"):
            made.add(command[-1])
    return found


def commands(text: str) -> Iterator[list[str]]:
    """The simple commands of a script, words without quotes; those of ``$(…)`` too. Targets of redirections, comments
    and here-documents are left out."""
    words: list[str] = []
    skip = False
    for match in _TOKEN.finditer(_without_heredocs(text)):
        kind, value = match.lastgroup, match.group()
        if kind == "end":
            yield from _simple(words)
            words = []
        elif kind == "redirect":
            skip = True
        elif kind == "word" and skip:
            skip = False
        elif kind == "word":
            for inner in _INNER.findall(value):
                yield from commands(inner)
            words.append(_unquoted(value))
    yield from _simple(words)


def _simple(words: list[str]) -> Iterator[list[str]]:
    start = next((at for at, word in enumerate(words) if not _LEADING.match(word)), len(words))
    if words[start:]:
        yield words[start:]


def _unquoted(word: str) -> str:
    return re.sub(
        r"'([^']*)'|\"((?:\\.|[^\"\\])*)\"|\\(.)", lambda m: m[1] or m[2] or m[3] or "", word, flags=re.DOTALL
    )


def _without_heredocs(text: str) -> str:
    lines, kept, ends = text.splitlines(), [], ""
    for line in lines:
        if ends:
            ends = "" if line.strip() == ends else ends
            continue
        kept.append(line)
        # A here-string (<<<) has no lines of its own.
        opened = _HEREDOC.search(line.replace("<<<", ""))
        ends = opened[2] if opened else ""
    return "\n".join(kept) + "\n"


def _command(words: list[str], root: Path, made: set[str]) -> Iterator[str]:
    program, arguments = words[0], words[1:]
    if program == "make":
        yield from _make(arguments, root)
    elif _PYTHON.match(program) and arguments[:1] == ["-m"] and len(arguments) > 1:
        yield from _module(arguments[1], arguments[2:], root)
    elif program == "aws":
        yield from doc_aws.problems_of(arguments)
    yield from _paths(words, root, made)


def _make(arguments: list[str], root: Path) -> Iterator[str]:
    text = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", text, re.MULTILINE))
    for word in arguments:
        name, is_variable, _ = word.partition("=")
        if is_variable and not re.search(rf"\$\({name}\)|^{name} \?=", text, re.MULTILINE):
            yield f"the Makefile reads no variable {name}"
        if not is_variable and not word.startswith("-") and word not in targets:
            yield f"the Makefile has no target {word!r}"


def _module(name: str, arguments: list[str], root: Path) -> Iterator[str]:
    top, *_ = name.split(".")
    path = root.joinpath(*name.split("."))
    if not (root / top).is_dir():
        return
    if not path.with_suffix(".py").is_file() and not (path / "__main__.py").is_file():
        yield f"there is no module {name}"
    if name == "idp":
        yield from _verb(arguments)


@cache
def _idp() -> TyperGroup:
    # Only here: it takes a second, and most blocks name no verb.
    from idp.cli import app

    found = get_command(app)
    assert isinstance(found, TyperGroup)
    return found


def _verb(arguments: list[str]) -> Iterator[str]:
    """Have the command line itself read ``arguments``, without running what they ask for."""
    command: TyperGroup | TyperCommand = _idp()
    context, rest = typer.Context(command, info_name="idp"), list(arguments)
    try:
        while isinstance(command, TyperGroup):
            if not rest or rest[0].startswith("-"):
                return
            name, found, rest = command.resolve_command(context, rest)
            assert isinstance(found, TyperGroup | TyperCommand)
            command, context = found, typer.Context(found, info_name=name, parent=context)
        if "--help" not in rest:
            command.make_context(command.name, list(rest), parent=context.parent)
    except TyperException as error:
        # What the reader has to have first, such as a clone of something, isn't here.
        if not error.format_message().endswith("does not exist."):
            yield f"idp {' '.join(arguments)}: {error.format_message()}"
    except typer.Abort:
        # It would ask a question here: all that was given is right.
        return


def _paths(words: list[str], root: Path, made: set[str]) -> Iterator[str]:
    reads = words[0] in _READERS or _PYTHON.match(words[0])
    last = len(words) - (words[0] in ("cp", "mv"))
    for word in words[:last]:
        value = re.sub(r"^(?:--?[\w-]+=|file://|\./)", "", word)
        bare = reads and re.match(r"^[\w.-]+\.(?:py|json|md|yaml|toml|lock)$", value)
        if not (_PATH.match(value) or bare) or any(value.startswith(each) for each in made):
            continue
        top = value.partition("/")[0]
        ours = bare or ((root / top).exists() and top not in _MADE and not top.startswith("."))
        if ours and not (root / value).exists():
            yield f"there is no {value}"
