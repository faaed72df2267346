"""What we write in Alloy's language, by its own parser and formatter. It knows the language, not what blocks take."""

from __future__ import annotations

import subprocess

import pytest

from tests.kubernetes.releases import release
from tests.synth import Synth
from tools import programs

pytestmark = pytest.mark.charts

STACK = "idp-platform-grafana-agent"


@pytest.fixture(scope="module")
def generated(deployed: Synth) -> str:
    values = release(deployed, STACK, "grafana-agent").values
    found: str = values["collectors"]["alloy-metrics"]["extraConfig"]
    return found


@pytest.fixture(scope="module")
def arguments(deployed: Synth) -> str:
    """The chart writes them into a block of its own."""
    values = release(deployed, STACK, "grafana-agent").values
    rules = values["destinations"]["metrics"]["rules"]
    return f'mimir.rules.kubernetes "metrics" {{\naddress = "https://example.com"\n{rules["extraArguments"]}\n}}\n'


def formatted(text: str) -> subprocess.CompletedProcess[str]:
    program = programs.find("alloyfmt")
    if program is None:
        pytest.skip("no alloyfmt built: run `make tools`")
    return subprocess.run([program], input=text, capture_output=True, text=True, check=False)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_what_scrapes_the_components_is_taken_and_formatted(generated: str) -> None:
    finished = formatted(generated)
    assert finished.returncode == 0, finished.stderr
    assert lines(finished.stdout) == lines(generated)


def test_what_narrows_the_rules_is_taken(arguments: str) -> None:
    finished = formatted(arguments)
    assert finished.returncode == 0, finished.stderr


def test_a_broken_block_is_refused(generated: str) -> None:
    finished = formatted(generated.replace("}", "", 1))
    assert finished.returncode == 1
    assert "standard input" in finished.stderr
