"""The recipe of the Atlantis server's image."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
IMAGE = ROOT / "images" / "atlantis"


def lines() -> list[str]:
    return (IMAGE / "Containerfile").read_text(encoding="utf-8").splitlines()


def test_the_image_is_not_root_and_names_no_tag() -> None:
    assert [line for line in lines() if line.startswith("USER ")] == ["USER 100:1000"]
    bases = [line for line in lines() if line.startswith("FROM ")]
    assert bases and all(re.fullmatch(r"FROM \$\{[A-Z_]+\}( AS [a-z]+)?", line) for line in bases)
    assert all("=" not in line for line in lines() if line.startswith("ARG "))


def test_all_packages_are_locked_by_hash_and_come_as_wheels() -> None:
    text = "\n".join(lines())
    assert "--require-hashes" in text and "--only-binary :all:" in text
    locks = re.findall(r"^COPY (\S+\.lock) /locks/\w+\.lock$", text, re.MULTILINE)
    assert locks == ["requirements.lock", "requirements-checkov.lock", "images/atlantis/requirements.lock"]
    for lock in locks:
        content = (ROOT / lock).read_text(encoding="utf-8")
        pins = re.findall(r"^\S+==", content, re.MULTILINE)
        assert pins and len(pins) == len(
            re.findall(r"^\S+==.*\\\n    --hash=sha256:[0-9a-f]{64}", content, re.MULTILINE)
        )
        assert "://" not in content


def test_the_context_holds_all_that_the_recipe_copies() -> None:
    ignored = (IMAGE / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    admitted = [line[1:] for line in ignored if line.startswith("!")]
    sources = [match[1] for line in lines() if (match := re.match(r"COPY (?:--chmod=\d+ )?([a-z][\w./-]*) ", line))]
    assert len(sources) == 10
    for source in (Path(source) for source in sources):
        assert (ROOT / source).exists(), source
        assert any(source.match(each) or source.is_relative_to(each) for each in admitted), source


def test_versions_are_those_of_the_tests_and_checked_by_the_build() -> None:
    texts = [match for line in lines() for match in re.findall(r"venv/bin/python -c '([^']+)'", line)]
    printed = {
        subprocess.run(
            [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
        for text in set(texts)
    }
    from config.versions import ATLANTIS, TOOLS

    assert printed == {ATLANTIS, TOOLS["opentofu"]}


def test_the_server_may_become_nobody_but_the_one_who_owns_nothing() -> None:
    rules = [line for line in (IMAGE / "sudoers").read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", "")]
    assert rules == [
        "Defaults:atlantis env_reset, !env_keep, !use_pty, umask = 0077",
        'atlantis ALL = (synth) NOPASSWD: /opt/idp/images/atlantis/jail.sh ""',
    ]
    assert (IMAGE / "jail.sh").stat().st_mode & 0o111
