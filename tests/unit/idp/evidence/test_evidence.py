"""Evidence of the shipped deployments: gaps are seen, files are the same from run to run and readable by others."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from constructs_lib.evidence.catalog import REQUIREMENTS
from constructs_lib.evidence.read import controls
from idp.cli import app
from idp.errors import OperationError
from idp.evidence.files import found_in
from tests.synth import Synth
from tools.build import program
from tools.run import BuildError, run

PCI = "idp-pci"
FILES = ("component-definition.json", "evidence.csv", "evidence.md")


@pytest.fixture
def output(shipped: Synth, tmp_path: Path) -> Path:
    """A copy of the shipped output, to change."""
    return Path(shutil.copytree(shipped.directory, tmp_path / "cdktf.out"))


@pytest.fixture(scope="module")
def written(shipped: Synth, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of the shipped deployment for PCI DSS."""
    to = tmp_path_factory.mktemp("evidence")
    command(shipped.directory, "--to", str(to))
    return to / PCI


def command(out: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["evidence", "--deployment", PCI, "--out", str(out), *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def blocks(out: Path) -> Iterator[tuple[Path, dict[str, Any], str, str]]:
    """(file, document, type, name) of every resource that serves a requirement."""
    for path in sorted(out.glob(f"stacks/{PCI}-*/cdk.tf.json")):
        document = json.loads(path.read_text())
        for address in controls(document):
            kind, name = address.split(".")
            yield path, document, kind, name


def without(out: Path, requirement: str) -> int:
    """Remove the resources that serve ``requirement``; how many there were."""
    removed = 0
    for path in sorted({path for path, *_ in blocks(out)}):
        document = json.loads(path.read_text())
        for address, ids in controls(document).items():
            if requirement in ids:
                kind, name = address.split(".")
                del document["resource"][kind][name]
                removed += 1
        path.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    return removed


def rows(to: Path) -> list[dict[str, str]]:
    with (to / "evidence.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("requirement", ["6.5.4", "8.3.6", "10.5.1"])
def test_a_requirement_whose_resources_are_removed_is_a_gap(output: Path, requirement: str) -> None:
    assert requirement not in command(output)
    assert without(output, requirement) > 0
    last = command(output).splitlines()[-1]
    assert requirement in last.partition("gaps: ")[2].split(", ")
    to = output / "evidence" / PCI
    assert [row["status"] for row in rows(to) if row["requirement"] == requirement] == ["gap"]
    assert f"#### {requirement}\n\n" in (to / "evidence.md").read_text()
    components = json.loads((to / "component-definition.json").read_text())["component-definition"]["components"]
    (gaps,) = (each for each in components if each["title"] == "Gaps")
    named = gaps["control-implementations"][0]["implemented-requirements"]
    assert f"pci-{requirement}" in {each["control-id"] for each in named}


def test_every_requirement_is_there_with_what_serves_it(written: Path, shipped: Synth) -> None:
    found = rows(written)
    assert list(dict.fromkeys(row["requirement"] for row in found)) == list(REQUIREMENTS)
    given = {
        (id, stack.name, address)
        for stack in shipped.stacks()
        if stack.name.startswith(f"{PCI}-")
        for address, ids in controls(stack.document).items()
        for id in ids
    }
    assert {(row["requirement"], row["stack"], row["address"]) for row in found if row["stack"]} == given


def test_each_line_is_where_its_resource_begins(written: Path, shipped: Synth) -> None:
    for row in rows(written):
        if row["file"]:
            line = (shipped.directory / row["file"]).read_text().splitlines()[int(row["line"]) - 1]
            assert line == f'      "{row["address"].partition(".")[2]}": {{'


def test_what_is_not_the_platforms_is_marked_so(written: Path) -> None:
    status = {row["requirement"]: row["status"] for row in rows(written)}
    assert (status["12.1.1"], status["9.2.1"], status["1.4.4"]) == ("customer", "aws", "platform")


def test_proofs_are_of_what_is_there(written: Path) -> None:
    (row, *_) = (row for row in rows(written) if row["requirement"] == "3.7.4")
    assert "RES-2" in row["guardrails"].split()
    assert "CKV_AWS_7" in row["checkov"].split()
    assert "tests/stacks/test_data.py::test_each_purpose_has_a_rotating_key_with_its_own_policy" in row["tests"].split()


def test_a_check_with_a_reason_everywhere_proves_nothing(output: Path) -> None:
    def checks() -> list[str]:
        command(output)
        return next(row["checkov"] for row in rows(output / "evidence" / PCI) if row["requirement"] == "3.7.4").split()

    assert "CKV_AWS_7" in checks()
    for path, document, kind, name in list(blocks(output)):
        document["resource"][kind][name]["//"]["checkov"] = {"CKV_AWS_7": "x" * 30}
        path.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    assert "CKV_AWS_7" not in checks()


def test_two_runs_write_the_same_bytes(shipped: Synth, written: Path, tmp_path: Path) -> None:
    command(shipped.directory, "--to", str(tmp_path))
    assert sorted(path.name for path in written.iterdir()) == list(FILES)
    for name in FILES:
        assert (tmp_path / PCI / name).read_bytes() == (written / name).read_bytes(), name


def test_other_content_is_another_document(output: Path, written: Path) -> None:
    def uuid(to: Path) -> str:
        return str(json.loads((to / "component-definition.json").read_text())["component-definition"]["uuid"])

    without(output, "8.3.6")
    command(output)
    assert uuid(output / "evidence" / PCI) != uuid(written)


def test_links_of_the_page_lead_to_headings_and_files(output: Path) -> None:
    command(output)
    page = output / "evidence" / PCI / "evidence.md"
    text = page.read_text()
    headings = re.findall(r"^#### ([\d.]+)$", text, re.MULTILINE)
    anchors = [heading.replace(".", "") for heading in headings]
    assert len(set(anchors)) == len(anchors) == len(REQUIREMENTS)
    assert {*re.findall(r"\]\(#(\d+)\)", text)} <= {*anchors}
    for link in set(re.findall(r"\]\((\.\./[^)#]*)#L\d+\)", text)):
        assert (page.parent / link).is_file(), link
    assert str(output) not in text


@pytest.fixture
def trestle(tmp_path: Path) -> Path:
    """A workspace of compliance-trestle."""
    run([program("trestle"), "init", "--local"], cwd=tmp_path)
    return tmp_path


def imported(trestle: Path, definition: Path) -> str:
    run([program("trestle"), "import", "-f", str(definition), "-o", "evidence"], cwd=trestle)
    return run([program("trestle"), "validate", "-t", "component-definition", "-n", "evidence"], cwd=trestle)


def test_the_component_definition_is_valid_oscal(trestle: Path, written: Path) -> None:
    assert "VALID" in imported(trestle, written / "component-definition.json")


def test_what_is_no_oscal_is_found(trestle: Path, written: Path, tmp_path: Path) -> None:
    document = json.loads((written / "component-definition.json").read_text())
    document["component-definition"]["components"][0]["control-id"] = "1.3.1"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(document))
    with pytest.raises(BuildError, match="import failed"):
        imported(trestle, wrong)


def test_a_requirement_that_nobody_knows_is_refused(output: Path) -> None:
    path, document, kind, name = next(blocks(output))
    document["resource"][kind][name]["//"]["controls"] = ["3.99.1"]
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")
    with pytest.raises(OperationError, match=r"no requirement 3\.99\.1"):
        found_in(output, PCI)


def test_a_deployment_that_is_not_there_is_refused(output: Path) -> None:
    with pytest.raises(OperationError, match="holds no deployment 'other'"):
        found_in(output, "other")


def test_without_a_name_every_deployment_has_a_directory(output: Path) -> None:
    done = CliRunner().invoke(app, ["evidence", "--out", str(output)])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (output / "evidence").iterdir()) == ["idp", PCI]
