"""Options that several commands share: by variables, as the sandbox sets them, and on the command line before those."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from idp.cli import app
from idp.output import stacks_of
from sandbox.cycle import Sandbox
from tests.synth import Synth

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]


def test_the_sandbox_s_variables_stand_for_options_that_are_there(shipped: Synth, tmp_path: Path) -> None:
    variables = Sandbox(directory=tmp_path, program=Path("/bin/tofu"), config=ROOT / "cdktf.json").idp()
    places = {"IDP_OUT": f"{tmp_path}/applied", "IDP_WORK": f"{tmp_path}/work", "IDP_PROVIDERS": ""}
    assert variables == {"IDP_ENGINE": "/bin/tofu", **places}
    (tmp_path / "applied").symlink_to(shipped.directory)
    order = ["order", "--deployment", "idp"]
    said = CliRunner().invoke(app, order, env=variables, catch_exceptions=False).stdout.split()
    assert said == [stack.name for stack in stacks_of(shipped.directory, "idp")]
    for_plan = CliRunner().invoke(app, ["plan", "--help"], env={"COLUMNS": "200"}).stdout
    # The last is no option: nobody but the sandbox works without the repository's locks.
    assert [name for name in variables if name not in for_plan] == ["IDP_PROVIDERS"]


def test_verbs_that_make_nothing_start_without_the_engine_s_runtime() -> None:
    asked = "import sys, idp.cli; print([name for name in ('jsii', 'cdktf', 'constructs') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_an_option_counts_before_its_variable(shipped: Synth, tmp_path: Path) -> None:
    order = ["order", "--deployment", "idp", "--out", str(shipped.directory)]
    assert CliRunner().invoke(app, order, env={"IDP_OUT": str(tmp_path)}).exit_code == 0
