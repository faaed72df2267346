"""Code blocks of the documents: what each shell block needs is in its tag, and what it names is there.

Every code block is a fence that says its language. A shell block's is ``sh`` with one tag:

- ``sh run`` needs the project only: the tests run it in a copy of the project, without a network;
- ``sh sandbox`` needs the applied sandbox: the tests run it against theirs;
- ``sh account`` needs an account, a cluster or a service: nothing runs it here.

The form of all three is checked: bash reads it; targets of make, verbs and options of ``idp``, operations and options
of the AWS CLI, modules and paths exist.

    python -m tools.doc_blocks --check    name what is wrong, by file and line
    python -m tools.doc_blocks --list     print every shell block's place and tag
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from config.generated import ROOT
from tools.doc_commands import problems_of

TAGS = ("run", "sandbox", "account")
# Documents of this project. What lies elsewhere isn't one: golden output, and texts of repositories made from a
# template, whose commands are for another project.
ELSEWHERE = ("cdktf.out", "golden-path/skeleton", "tests")
_SHELLS = frozenset({"sh", "bash", "shell", "shell-session", "console", "zsh", "ksh"})
_PROSE = frozenset({"text", "txt", "plain", "plaintext", "output"})
_PROMPTS = ("$ ", "make ", ".venv/bin/", "python -m ", "aws ", "kubectl ", "tofu ", "terraform ", "git ")
_HOW = "```sh run, ```sh sandbox or ```sh account"


@dataclass(frozen=True, kw_only=True, order=True)
class Block:
    """One code block. ``line`` is that of its fence, from 1; ``info`` what the fence says, empty where indented."""

    document: str
    line: int
    info: str
    text: str
    fenced: bool = True

    @property
    def language(self) -> str:
        return self.info.partition(" ")[0]

    @property
    def tag(self) -> str:
        """The tag of a shell block; empty for other languages."""
        return self.info.partition(" ")[2] if self.language == "sh" else ""

    @property
    def place(self) -> str:
        return f"{self.document}:{self.line}"


def documents(root: Path = ROOT) -> list[Path]:
    """The project's Markdown files, sorted."""
    found: list[Path] = []
    for at, directories, files in os.walk(root):
        directories[:] = [name for name in directories if _is_ours(Path(at) / name, root)]
        found += [Path(at) / name for name in files if name.endswith(".md")]
    return sorted(found)


def _is_ours(directory: Path, root: Path) -> bool:
    """Whether documents in ``directory`` are this project's: what is hidden, made, or another checkout isn't."""
    hidden = directory.name.startswith(".") and directory.name != ".github"
    elsewhere = directory.relative_to(root).as_posix() in ELSEWHERE
    return not hidden and not elsewhere and not (directory / ".git").exists()


def blocks(document: Path, root: Path = ROOT) -> list[Block]:
    """The code blocks of ``document``, in their order."""
    tokens = MarkdownIt().parse(document.read_text(encoding="utf-8"))
    return [
        Block(
            document=document.relative_to(root).as_posix(),
            line=(token.map or [0])[0] + 1,
            info=" ".join(token.info.split()),
            text=token.content,
            fenced=token.type == "fence",
        )
        for token in tokens
        if token.type in ("fence", "code_block")
    ]


def shell_blocks(root: Path = ROOT) -> list[Block]:
    """The tagged shell blocks of all documents, in their order."""
    # Most documents hold none, and reading the large ones takes long.
    read = (path for path in documents(root) if "```sh " in path.read_text(encoding="utf-8"))
    return [block for path in read for block in blocks(path, root) if block.tag in TAGS]


def problems(root: Path = ROOT) -> Iterator[str]:
    """What is wrong, a line each: place, then what to do."""
    for document in documents(root):
        for block in blocks(document, root):
            for problem in _form(block) or problems_of(block.text, root) if block.language == "sh" else _other(block):
                yield f"{block.place}: {problem}"


def _form(block: Block) -> list[str]:
    return [] if block.tag in TAGS else [f"a shell block says what it needs: {_HOW}, not ```{block.info}"]


def _other(block: Block) -> list[str]:
    if not block.fenced:
        return [f"an indented block says neither language nor tag; fence it: {_HOW}, ```json, ```text …"]
    if not block.language:
        return [f"a fence says its language: {_HOW}, ```json, ```text …"]
    if block.language in _SHELLS:
        return [f"a shell block says what it needs: {_HOW}, not ```{block.info}"]
    if block.language in _PROSE and any(line.startswith(_PROMPTS) for line in block.text.splitlines()):
        return [f"looks like shell, and says it is {block.language}: {_HOW}"]
    return []


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--check", action="store_true", help="exit 1 where a block isn't tagged or names what isn't")
    chosen.add_argument("--list", action="store_true", help="print every shell block's place and tag")
    given = parser.parse_args(arguments)
    if given.list:
        for block in shell_blocks():
            print(f"{block.place} {block.tag}")
        return 0
    found = list(problems())
    for each in found:
        print(each, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
