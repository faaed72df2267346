"""What one stack names in another is there: each rule is shown to fail on the real output, broken in one place."""

from __future__ import annotations

import pytest

from config.plain_yaml import read
from constructs_lib.guardrails.aws_names import BY_ID
from constructs_lib.guardrails.aws_names import NAMES as PHYSICAL_NAMES
from constructs_lib.guardrails.rules import FILE_RULES
from constructs_lib.helm.blocks import known
from constructs_lib.synth import assets
from tests.synth import Synth
from tests.unit.constructs_lib.guardrails.broken import Broken, Output, values
from tests.unit.constructs_lib.guardrails.broken_identities import IDENTITIES
from tests.unit.constructs_lib.guardrails.broken_names import GIT, NAMES
from tests.unit.constructs_lib.guardrails.broken_owners import OWNERS
from tests.unit.constructs_lib.guardrails.broken_secrets import OWN_PATH, SECRET_CASES

CASES = [*SECRET_CASES, *IDENTITIES, *NAMES, *OWNERS]


@pytest.fixture(scope="module")
def output(everything: Synth) -> Output:
    directory = everything.directory
    files = {
        str(path.relative_to(directory)): path.read_text(encoding="utf-8")
        for path in directory.rglob("*")
        if path.is_file()
    }
    return Output({stack.name: stack.document for stack in everything.stacks()}, assets(files))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_named_with_a_remedy(output: Output, case: Broken) -> None:
    broken = output.copy()
    case.change(broken)
    found = broken.violations(case.rule)
    assert any(all(part in each for part in case.said) for each in found), found


def test_a_secret_that_a_pod_s_own_role_reads_has_its_reader(output: Output) -> None:
    changed = output.copy()
    OWN_PATH(changed)
    assert not [each for each in changed.violations("REF-2") if "/idp/backstage/keys" in each]


def test_a_token_is_made_where_the_key_of_the_app_is(output: Output) -> None:
    changed = output.copy()
    values("idp-teams-platform", "team-platform", "git", to=GIT)(changed)
    assert changed.violations("REF-5") == []


@pytest.mark.parametrize("rule", [rule.id for rule in FILE_RULES if rule.id.startswith("REF-")])
def test_the_output_as_it_is_passes(output: Output, rule: str) -> None:
    assert output.violations(rule) == []


def test_every_rule_has_a_broken_example() -> None:
    assert {rule.id for rule in FILE_RULES if rule.id.startswith("REF-")} == {case.rule for case in CASES}


def test_every_kind_of_resource_is_told_apart_by_its_name_or_by_its_id(output: Output, teams: Synth) -> None:
    documents = [*output.documents.values(), *(stack.document for stack in teams.stacks())]
    kinds = {kind for document in documents for kind in document.get("resource", {}) if kind.startswith("aws_")}
    assert kinds <= PHYSICAL_NAMES.keys() | BY_ID, "add the kind to constructs_lib/guardrails/aws_names.py"
    assert not PHYSICAL_NAMES.keys() & BY_ID


def test_values_that_are_not_parsed_again_are_what_the_files_say(output: Output) -> None:
    texts = [text for files in output.files.values() for text in files.values() if known(text) is not None]
    assert len(texts) > len(output.documents) / 2
    for text in texts:
        assert known(text) == read(text), text.partition("\n")[0]


def test_nothing_that_is_broken_was_broken_already(output: Output) -> None:
    """Changes copy what they touch: the output is the same after all of them."""
    before = repr(output)
    for case in CASES:
        case.change(output.copy())
    assert repr(output) == before
