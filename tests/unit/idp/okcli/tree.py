"""A clone of ok-cli as its owner describes it, in the two shapes that bash and make allow for lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

NAMES = ("cdk-common", "ok-cli", "aws-backstage-infra")
TYPES = ("maven", "shell", "maven")
LISTS = {
    "scripts/setup/push-all-repos.sh": "REPOS",
    "scripts/utils/sync-repos.sh": "REPOS",
    "scripts/utils/force-push-all-repos.sh": "REPOS",
    "scripts/utils/update-repos.sh": "REPOS",
    "scripts/utils/build-maven.sh": "MAVEN_REPOS",
}
SHAPES = ("one line", "several lines")
_SCRIPT = """#!/usr/bin/env bash
set -euo pipefail
# Which repositories: (all of them)
{array}

for repo in "${{{name}[@]}}"; do
  echo "$repo"
done
"""
_MAKEFILE = {
    "one line": """.PHONY: status destroy-repos init-secrets

status: ## State of each repository
\t@for repo in {words}; do \\
\t\tgit -C ../$$repo status --short; \\
\tdone

destroy-repos: confirm
\t@for repo in {words}; do gh repo delete "$$repo"; done

init-secrets:
\t@echo "Secrets"
\t@for repo in {words}; do ./scripts/secrets.sh $$repo; done

confirm:
\t@echo sure
""",
    "several lines": """status:
\t@for repo in {wrapped}; do \\
\t\tgit -C ../$$repo status; \\
\tdone

destroy-repos:
{destroy}
init-secrets:
\t@echo "Secrets"
{secrets}\t@echo "Done"
""",
}


def array(name: str, words: Sequence[str], shape: str) -> str:
    if shape == "one line":
        quoted = " ".join(f'"{word}"' for word in words)
        return f"{name}=({quoted})"
    inner = "".join(f'  "{word}"  # {word}\n' for word in words)
    return f"declare -a {name}=(\n  # in order\n{inner})"


def made(root: Path, shape: str) -> Path:
    """The clone, written below ``root``."""
    write(root / "conf/repos/.ok.github.repo.ok-cli", 'REPO_NAME="ok-cli"\n', 0o644)
    both = "\n".join(array(name, words, shape) for name, words in (("REPO_NAMES", NAMES), ("REPO_TYPES", TYPES)))
    write(root / "scripts/lib/common.sh", f'#!/usr/bin/env bash\n{both}\n\nlog() {{ echo "$1"; }}\n', 0o644)
    for file, name in LISTS.items():
        words = NAMES if name == "REPOS" else [word for word, kind in zip(NAMES, TYPES, strict=True) if kind == "maven"]
        write(root / file, _SCRIPT.format(array=array(name, words, shape), name=name), 0o755)
    makefile = _MAKEFILE[shape].format(
        words=" ".join(NAMES),
        wrapped=" \\\n\t\t".join(NAMES),
        destroy="".join(f'\t@gh repo delete "{name}" --yes\n' for name in NAMES),
        secrets="".join(f"\t@./scripts/secrets.sh {name} || exit 1\n" for name in NAMES),
    )
    write(root / "Makefile", makefile, 0o644)
    return root


def write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def contents(root: Path) -> dict[str, tuple[str, int]]:
    """Text and mode of every file below ``root``."""
    return {
        str(path.relative_to(root)): (path.read_text(encoding="utf-8"), path.stat().st_mode)
        for path in root.rglob("*")
        if path.is_file()
    }
