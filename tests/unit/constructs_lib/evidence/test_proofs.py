"""What is said to prove a requirement exists: guardrails, checks, tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from constructs_lib.evidence.catalog import unknown
from constructs_lib.evidence.checks import CHECKS
from constructs_lib.evidence.proofs import guardrails, marked, requirements_of
from constructs_lib.guardrails.rules import FILE_RULES, RULES
from tests.synth import Synth
from tools.build import program
from tools.run import run

ROOT = Path(__file__).resolve().parents[4]


def test_a_title_ends_with_its_requirements() -> None:
    assert requirements_of("A trail (10.2.1, 10.3.2).") == ("10.2.1", "10.3.2")
    assert requirements_of("Version 1.2.3 of (a) chart.") == ()


def test_guardrails_name_requirements_of_the_catalog() -> None:
    named = {
        requirement
        for title in [rule.title for rule in RULES] + [rule.title for rule in FILE_RULES]
        for requirement in requirements_of(title)
    }
    assert unknown(named) == []
    assert {"1.3.1", "3.7.4", "8.6.2"} <= named


def test_guardrails_of_the_standard_count_where_it_applies(shipped: Synth) -> None:
    production = guardrails(shipped.stack("idp-foundation-data").document)
    pci = guardrails(shipped.stack("idp-pci-foundation-data").document)
    assert "RES-1" in production["3.5.1"]
    assert "PCI-2" not in production["3.5.1"]
    assert {"RES-1", "PCI-2"} <= {*pci["3.5.1"]}


def test_checks_name_requirements_of_the_catalog() -> None:
    assert unknown(requirement for shown in CHECKS.values() for requirement in shown.requirements) == []


def test_checkov_has_every_check_for_the_types_that_are_named() -> None:
    listed = run([program("checkov"), "--list", "--framework", "terraform"], cwd=ROOT)
    known = {
        (cells[2].strip(), cells[4].strip())
        for cells in (line.split("|") for line in listed.splitlines())
        if len(cells) > 4
    }
    named = {(check, kind) for check, shown in CHECKS.items() for kind in shown.kinds}
    assert sorted(named - known) == []


def test_tests_are_marked_with_requirements_of_the_catalog() -> None:
    found = marked(ROOT)
    assert unknown(found) == []
    assert "tests/stacks/test_vpc.py::test_isolated_tiers_have_no_route_out" in found["1.4.4"]


def test_every_marked_test_exists(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest itself collects the files, so that a test that is named is one that runs."""
    # How somebody wants this run to print would change what is read here.
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    named = sorted({test for ids in marked(ROOT).values() for test in ids})
    files = sorted({test.partition("::")[0] for test in named})
    # Nothing runs: asserts needn't be rewritten, which takes as long as the rest.
    collect = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "--assert=plain"]
    done = run([*collect, *files], cwd=request.config.rootpath)
    collected = {line.partition("[")[0] for line in done.splitlines() if "::" in line}
    assert sorted({*named} - collected) == []


def test_only_functions_that_pytest_would_run_are_found(tmp_path: Path) -> None:
    path = tmp_path / "tests" / "test_some.py"
    path.parent.mkdir()
    path.write_text(
        "import pytest\n\n@pytest.mark.proves('1.3.1', '1.3.2')\ndef test_one(): ...\n\n"
        "@pytest.mark.proves('1.3.1')\ndef helper(): ...\n\n@pytest.mark.soak\ndef test_two(): ...\n"
    )
    one = "tests/test_some.py::test_one"
    assert marked(tmp_path) == {"1.3.1": [one], "1.3.2": [one]}
