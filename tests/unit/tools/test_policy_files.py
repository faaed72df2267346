"""What is wrong with a policy is said with its file, line and remedy, and nothing is raised for it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from config.generated import ROOT
from config.policies import kinds
from tools import policies_page
from tools.policy_files import Problem, of_charts, read
from tools.policy_rules import misplaced, problems

NAME = "disallow-privileged"
POLICY = f"policies/baseline/{NAME}/policy.yaml"
PROBES = "policies/platform/require-probes/policy.yaml"
ENVIRONMENT = "envs/production/v1/conf.yaml.j2"
TTL = "charts/namespace-ttl/templates/policies.yaml"
PLACES = {"kube-system", "falco", "monitoring"}
SCOPES = "values: [team, staging, preview]"
MORE = "  matchConditions:\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A tree with two policies, and with what else the check reads."""
    for file in (POLICY, PROBES):
        shutil.copytree((ROOT / file).parent, (tmp_path / file).parent)
    for chart in ("namespace-ttl", "preview-namespaces"):
        shutil.copytree(ROOT / "charts" / chart, tmp_path / "charts" / chart)
    (tmp_path / ENVIRONMENT).parent.mkdir(parents=True)
    names = "|".join(kinds().keys() - {NAME, "require-probes"})
    text = (ROOT / ENVIRONMENT).read_text(encoding="utf-8")
    (tmp_path / ENVIRONMENT).write_text(re.sub(rf"^  ({names}): \w+\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    return tmp_path


def edit(top: Path, file: str, old: str, new: str) -> int:
    """Replaces the first ``old``; the line where it stood."""
    text = (top / file).read_text(encoding="utf-8")
    assert old in text
    (top / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def only(top: Path, said: str) -> Problem:
    """The one problem that says it."""
    (found,) = [each for each in problems(top) if said in each.message]
    assert found.remedy
    where, line, _ = str(found).split(":", 2)
    assert (where, int(line)) == (found.where, found.line)
    return found


def test_the_policies_of_the_tree_are_as_they_should_be(top: Path) -> None:
    assert problems(ROOT) == []
    assert problems(top) == []
    policies, wrong = read(ROOT)
    assert not wrong
    assert {policy.name for policy in policies} == set(kinds())
    assert misplaced(policies, PLACES) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (POLICY, f"name: {NAME}", "name: other", "is named other, its directory disallow-privileged"),
        (POLICY, f"name: {NAME}", "nam: other", "has no metadata.name"),
        (POLICY, "kind: ValidatingPolicy\n", "", "states no kind"),
        (POLICY, "kind: ValidatingPolicy", "kind: ClusterPolicy", "is a ClusterPolicy of policies.kyverno.io/v1"),
        (POLICY, "kyverno.io/v1\n", "kyverno.io/v1alpha1\n", "is a ValidatingPolicy of policies.kyverno.io/v1alpha1"),
        (POLICY, "metadata:\n", "metadata: [\n", "is no YAML"),
        (POLICY, "    resourceRules:", "    rules:", "has no spec.matchConstraints.resourceRules"),
        (POLICY, "    platform/controls: ", "    platform/control: ", "has no annotation platform/controls"),
        (POLICY, "io/title: No container has rights over its node", 'io/title: " "', "has no annotation policies."),
        (POLICY, "severity: high", "severity: huge", "severity huge is none of them"),
        (TTL, "    platform/controls: ", "    platform/control: ", "sandbox-ttl has no annotation platform/controls"),
        (TTL, "severity: medium", "severity: huge", "severity huge is none of them"),
        (TTL, "platform/scope: sandbox", "platform/scope: sandbocks", "speaks of scope sandbocks"),
        (PROBES, SCOPES, "values: [teem]", "speaks of scope teem, which no namespace has"),
        (PROBES, "key: platform/scope", "key: platform/skope", "selects by label platform/skope"),
        (PROBES, "operator: In", "operator: Inn", "selects by platform/scope with operator Inn"),
        (PROBES, SCOPES, "values: []", "selects by platform/scope with operator In and []"),
        (PROBES, "    resourceRules:", "    excludeResourceRules: [{}]\n    resourceRules:", "by excludeResourceRules"),
        (
            PROBES,
            MORE,
            f"{MORE}    - {{ name: elsewhere, expression: object.metadata.namespace != 'team-alpha' }}\n",
            "leaves places or names out by match condition elsewhere",
        ),
        (ENVIRONMENT, "  require-probes: deny", "  require-probes: refuse", "require-probes: refuse is no action"),
        (ENVIRONMENT, "  require-probes: deny", "  require-probes:", "require-probes: nothing is no action"),
        (ENVIRONMENT, "  require-probes: deny\n", "", "has no action in envs/production/v1/conf.yaml.j2"),
        (
            ENVIRONMENT,
            "  require-probes: deny",
            "  require-tea: deny\n  require-probes: deny",
            "policies.require-tea: there is no such policy",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said(top: Path, file: str, old: str, new: str, said: str) -> None:
    edit(top, file, old, new)
    found = only(top, said)
    assert found.where in (file, PROBES)


@pytest.mark.parametrize(
    ("file", "old", "new", "further"),
    [
        (POLICY, "kind: ValidatingPolicy", "kind: ClusterPolicy", 0),
        (POLICY, f"name: {NAME}", "name: other", 0),
        (POLICY, "metadata:\n", "metadata: [\n", 2),
        (PROBES, SCOPES, "values: [teem]", 0),
        (ENVIRONMENT, "  require-probes: deny", "  require-probes: refuse", 0),
    ],
)
def test_its_line_is_where_one_mends_it(top: Path, file: str, old: str, new: str, further: int) -> None:
    line = edit(top, file, old, new)
    assert (file, line + further) in {(each.where, each.line) for each in problems(top)}


def test_a_namespace_that_nobody_makes_is_told(top: Path) -> None:
    line = edit(top, POLICY, "kube-system, falco", "kube-system, falcon")
    (found,) = misplaced(read(top)[0], PLACES)
    assert (found.where, found.line) == (POLICY, line)
    assert found.message == "speaks of namespace falcon, which nobody makes"
    assert "write one of falco, kube-system, monitoring" in found.remedy


@pytest.mark.parametrize("file", ["good.yaml", "bad.yaml"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "has no test resources {file} beside it"),
        ("", "holds no resource"),
        ("# nothing yet\n---\n", "holds no resource"),
        ("metadata: {}\n", "holds something without a kind"),
        ("kind: Pod\nspec: [\n", "is no YAML"),
    ],
)
def test_a_policy_without_tests_is_told(top: Path, file: str, text: str | None, said: str) -> None:
    path = top / "policies" / "baseline" / NAME / file
    path.unlink() if text is None else path.write_text(text)
    only(top, said.format(file=file))


@pytest.mark.parametrize(
    "place", ["policies/x.yaml", "policies/baseline/x.yaml", "policies/baseline/a/b/policy.yaml", f"{POLICY[:-5]}.yml"]
)
def test_a_policy_where_nobody_looks_is_told(top: Path, place: str) -> None:
    (top / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(top / POLICY, top / place)
    assert only(top, "is taken by nobody").where == place


def test_a_directory_without_a_policy_is_told(top: Path) -> None:
    (top / POLICY).unlink()
    assert only(top, "isn't there").where == POLICY
    # The environment still decides on it.
    assert only(top, f"policies.{NAME}: there is no such policy").where == ENVIRONMENT


def test_the_command_says_all_of_it_and_fails(
    top: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(top, POLICY, "kind: ValidatingPolicy\n", "")
    edit(top, PROBES, "severity: medium", "severity: huge")
    monkeypatch.setattr(policies_page, "ROOT", top)
    assert policies_page.main() == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == [POLICY, "    remedy", PROBES, "    remedy"]


def test_policies_of_charts_are_read(top: Path) -> None:
    ours = {"preview-contents", "preview-host", "preview-limit", "preview-orphans", "preview-ttl", "sandbox-ttl"}
    found = {each.name: each for each in of_charts(top)}
    assert set(found) == ours
    lines = (top / TTL).read_text(encoding="utf-8").splitlines()
    assert lines[found["preview-ttl"].at - 1] == "  name: preview-ttl"
