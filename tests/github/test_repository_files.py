"""Issue forms, owners and the guide for assistants name what is in the repository."""

from __future__ import annotations

import re

import pytest
from ruamel.yaml import YAML

from tests.github.workflows import ROOT

GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
# Source: GitHub documentation, "Syntax for GitHub's form schema".
TYPES = {"checkboxes", "dropdown", "input", "markdown", "textarea"}
# What is made, an action, a branch.
NO_PATHS = (".venv/", "cdktf.out/", "aws-actions/", "refs/")
SENSITIVE = (
    "/policies/",
    "/constructs_lib/account/",
    "/constructs_lib/checkov/",
    "/constructs_lib/guardrails/",
    "/constructs_lib/iam/",
    "/constructs_lib/state/",
    "/envs/pci/",
    "/.github/",
    "/atlantis/",
    "/idp/atlantis/",
    "/images/",
    "/tools/",
)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_as_github_wants_it(path: object) -> None:
    form = YAML(typ="safe").load((ROOT / str(path)).read_text(encoding="utf-8"))
    assert set(form) == {"name", "description", "labels", "body"}
    ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
    assert len(ids) == len(set(ids))
    for field in form["body"]:
        assert field["type"] in TYPES
        assert ("value" if field["type"] == "markdown" else "label") in field["attributes"]
        options = field["attributes"].get("options", [])
        assert bool(options) == (field["type"] == "dropdown")
        assert all(isinstance(option, str) for option in options) and len(options) == len(set(options))


def owners() -> dict[str, list[str]]:
    lines = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    return {path: names for path, *names in rules}


def test_every_path_with_an_owner_is_there() -> None:
    missing = [path for path in owners() if path != "*" and not (ROOT / path.strip("/")).exists()]
    assert missing == []


def test_everything_has_an_owner_and_what_is_sensitive_has_two() -> None:
    assert next(iter(owners())) == "*"
    assert all(re.fullmatch(r"@example/[a-z]+", name) for names in owners().values() for name in names)
    assert all("@example/security" in owners()[path] for path in SENSITIVE)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", [".github/AI_CONTEXT.md", ".github/pull_request_template.md", "docs/CI.md"])
def test_commands_and_paths_that_a_page_names_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets()
    spans = [span for span in re.findall(r"`([\w./-]+/[\w./-]*)`", text) if not span.startswith(NO_PATHS)]
    assert not [span for span in spans if not (ROOT / span).exists()]
    for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", text):
        assert ((ROOT / name).parent / link).exists(), link
