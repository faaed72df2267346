"""Renovate finds what is pinned, by rules that name what there is, and makes the locks by a command that there is."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from constructs_lib.helm.providers import HELM_PROVIDER, KUBERNETES_PROVIDER
from constructs_lib.stack import AWS_PROVIDER
from tests.github.workflows import ROOT, WORKFLOWS
from tools.locks import LOCKS

CONFIG: dict[str, Any] = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))
MANAGERS = CONFIG["customManagers"]
# Where each manager that is on looks by itself. Source: Renovate's documentation of each, 2025.
PLACES = {
    "dockerfile": "images/*/Containerfile",
    "github-actions": ".github/workflows/*.yml",
    "gomod": "tools/*/go.mod",
    "npm": "tools/*/package.json",
    "pep621": "pyproject.toml",
}
# What the action setup-python installs has this name in Renovate.
ELSEWHERE = {"python", "actions/python-versions"}


def matches(manager: dict[str, Any]) -> Iterator[re.Match[str]]:
    for pattern in manager["managerFilePatterns"]:
        # The text between slashes is a regular expression of the path; ours have no other operator than these.
        path = pattern.strip("/").removeprefix("^").removesuffix("$").replace("\\", "")
        text = (ROOT / path).read_text(encoding="utf-8")
        for wanted in manager["matchStrings"]:
            yield from re.finditer(wanted.replace("(?<", "(?P<"), text)


@pytest.mark.parametrize("manager", MANAGERS, ids=lambda manager: manager["description"])
def test_each_expression_finds_something_with_all_that_renovate_needs(manager: dict[str, Any]) -> None:
    found = list(matches(manager))
    assert found
    for match in found:
        assert match["depName"] and match["currentValue"]
        assert manager.get("datasourceTemplate") or match["datasource"]


def test_the_ranges_of_all_providers_are_found() -> None:
    (manager,) = [each for each in MANAGERS if each.get("datasourceTemplate") == "terraform-provider"]
    wanted = {(each["source"], each["version"]) for each in (AWS_PROVIDER, HELM_PROVIDER, KUBERNETES_PROVIDER)}
    assert {(match["depName"], match["currentValue"]) for match in matches(manager)} == wanted


def test_every_manager_that_is_on_has_files() -> None:
    assert set(CONFIG["enabledManagers"]) == {"custom.regex", *PLACES}
    assert all(list(ROOT.glob(place)) for place in PLACES.values())


def names() -> set[str]:
    """What is pinned anywhere, by the name that Renovate gives it."""
    found = {match["depName"] for manager in MANAGERS for match in matches(manager)}
    for path in ROOT.glob(PLACES["npm"]):
        package = json.loads(path.read_text(encoding="utf-8"))
        found |= {*package.get("dependencies", {}), *package.get("optionalDependencies", {})}
    found |= {requirement.name for lock in LOCKS for requirement in lock.requirements()}
    for path in WORKFLOWS.glob("*.yml"):
        found |= set(re.findall(r"uses: ([\w-]+/[\w-]+)@", path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("rule", CONFIG["packageRules"], ids=lambda rule: rule["description"])
def test_a_rule_names_what_is_pinned(rule: dict[str, Any]) -> None:
    known = names() | ELSEWHERE
    for wanted in rule.get("matchPackageNames", ()):
        # `{/,}**` is how a prefix is written, with or without a slash after it.
        assert fnmatch.filter(known, wanted.replace("{/,}**", "*")), wanted
    sources = {match.groupdict().get("datasource") for manager in MANAGERS for match in matches(manager)}
    assert set(rule.get("matchDatasources", ())) <= sources | {"terraform-provider"}
    assert set(rule.get("matchManagers", ())) <= set(CONFIG["enabledManagers"])


def test_locks_are_made_anew_by_a_command_that_is_there() -> None:
    (rule,) = [rule for rule in CONFIG["packageRules"] if "postUpgradeTasks" in rule]
    task = rule["postUpgradeTasks"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{command.removeprefix('make ')}:" in makefile for command in task["commands"])
    assert all(any(fnmatch.fnmatch(lock.path, wanted) for wanted in task["fileFilters"]) for lock in LOCKS)


def test_versions_of_actions_stay_commits() -> None:
    assert "helpers:pinGitHubActionDigestsToSemver" in CONFIG["extends"]
