"""An audit by the real auditors, with publishers on loopback: what is known is found, and silence is no all-clear."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from idp.errors import OperationError
from tests.unit.tools.audit.advisories import Publisher, go_database, publishing
from tools import build
from tools.audit import __main__ as audit
from tools.audit import sources
from tools.audit.findings import FILE, Accepted, Audit, Finding, accepted, judge
from tools.go_modules import MODULES
from tools.locks import Lock

ROOT = Path(__file__).resolve().parents[4]
TODAY = datetime.date(2026, 6, 1)
FOUND = Finding(place="requirements.lock", package="jinja2", version="3.1.6", names=("CVE-2026-1", "GHSA-x"), fixed="4")
ENTRY = {
    "id": "GHSA-x",
    "package": "jinja2",
    "reason": "templates are our own, never a user's",
    "owner": "platform-team",
    "since": "2026-05-01",
    "until": "2026-06-01",
}


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with publishing() as found:
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", f"{found.address}/v1/query")
        monkeypatch.setenv("npm_config_registry", found.address)
        yield found


def test_a_known_vulnerability_of_a_locked_package_of_python_is_found(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LOCKS", (Lock(path="requirements-uv.lock", asked=("uv",)),))
    version = re.search(r"^uv==(\S+)", (ROOT / "requirements-uv.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    events = [{"introduced": "0"}, {"fixed": "99.0"}]
    affected = {"package": {"name": "uv", "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    publisher.osv["uv"] = {
        "id": "GHSA-aaaa-bbbb-cccc",
        "aliases": ["CVE-2026-1"],
        "modified": "2026-01-01T00:00:00Z",
        "affected": [{**affected, "versions": [version[1]]}],
    }
    found = Audit()
    sources.python(found)
    names = ("CVE-2026-1", "GHSA-aaaa-bbbb-cccc")
    wanted = Finding(place="requirements-uv.lock", package="uv", version=version[1], names=names, fixed="99.0")
    assert (found.findings, found.asked, found.unasked) == ([wanted], ["requirements-uv.lock"], {})


def test_a_known_vulnerability_of_a_locked_package_of_npm_is_found(publisher: Publisher, tmp_path: Path) -> None:
    lock = tmp_path / "tools" / "postgresql"
    shutil.copytree(ROOT / "tools" / "postgresql", lock, ignore=shutil.ignore_patterns("node_modules"))
    packages = json.loads((lock / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    (name,) = [place.removeprefix("node_modules/") for place in packages if place]
    url = "https://github.com/advisories/GHSA-aaaa-bbbb-cccc"
    publisher.npm[name] = {"id": 1, "url": url, "title": "x", "severity": "high", "vulnerable_versions": "*"}
    found = Audit()
    sources.javascript(found, tmp_path)
    (finding,) = found.findings
    assert (finding.package, finding.names, finding.place) == (
        name,
        ("GHSA-aaaa-bbbb-cccc",),
        "tools/postgresql/package-lock.json",
    )
    assert finding.version == packages[f"node_modules/{name}"]["version"] and publisher.asked == [name]


def test_a_known_vulnerability_of_a_program_of_go_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest that is built here; the program says itself which modules are in it."""
    program = build.program("alloyfmt")
    monkeypatch.setenv("GOVULNDB", go_database(tmp_path / "db", MODULES["alloyfmt"].path, "99.0.0").as_uri())
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "alloyfmt").symlink_to(program)
    found = Audit()
    sources.go(found, programs)
    (finding,) = found.findings
    assert finding.names == ("CVE-2026-0001", "GO-2026-0001") and finding.fixed == "v99.0.0"
    assert f"{finding.package} {finding.version}" == str(MODULES["alloyfmt"])
    monkeypatch.setenv("GOVULNDB", go_database(tmp_path / "old", MODULES["alloyfmt"].path, "0.0.1").as_uri())
    found = Audit()
    sources.go(found, programs)
    assert (found.findings, found.asked) == ([], [".tools/bin/alloyfmt"])
    # It prints which modules are in the program before it asks: half of an answer is none.
    broken = go_database(tmp_path / "broken", MODULES["alloyfmt"].path, "99.0.0")
    (broken / "ID" / "GO-2026-0001.json").unlink()
    monkeypatch.setenv("GOVULNDB", broken.as_uri())
    found = Audit()
    sources.go(found, programs)
    assert (found.findings, found.asked) == ([], []) and "GO-2026-0001" in found.unasked[".tools/bin/alloyfmt"]


def test_a_source_that_gives_no_answer_is_said_and_is_no_all_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Port 9 answers nobody.
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", "http://127.0.0.1:9/v1/query")
    monkeypatch.setattr(sources, "LOCKS", (Lock(path="requirements-uv.lock", asked=("uv",)),))
    monkeypatch.setitem(audit.SOURCES, "go", lambda found: sources.go(found, tmp_path / "none"))  # type: ignore[arg-type]
    assert audit.main(["python", "go"]) == audit.UNASKED == 3
    said = capsys.readouterr().out
    assert re.search(r"NOT ASKED: requirements-uv\.lock: .*127\.0\.0\.1", said)
    assert "NOT ASKED: programs of Go: none is built" in said
    assert "0 places asked, 2 not; 0 open" in said and "Traceback" not in said


def test_what_is_no_answer_is_not_taken_for_one(tmp_path: Path) -> None:
    for script, why in (("echo gone >&2; exit 1", "gone"), ("echo '<html>'", "else than JSON"), ("exit 7", "code 7")):
        with pytest.raises(sources.Unasked, match=why):
            sources._json(["sh", "-c", script], tmp_path)


@pytest.mark.parametrize(
    ("today", "code", "said"),
    [
        ("2026-05-01", 0, "accepted: requirements.lock: jinja2 3.1.6"),
        ("2026-06-01", 0, "1 accepted"),
        ("2026-06-02", 1, "expired on 2026-06-01: GHSA-x of jinja2 (owner: platform-team)"),
        ("2026-04-30", 1, "open: requirements.lock: jinja2 3.1.6: CVE-2026-1, GHSA-x; fixed in 4"),
    ],
)
def test_an_acceptance_holds_from_its_day_to_its_end(today: str, code: int, said: str) -> None:
    found = Audit(findings=[FOUND], asked=["requirements.lock"])
    judged = judge(found.findings, [Accepted.model_validate(ENTRY)], datetime.date.fromisoformat(today))
    assert audit.code(found, judged) == code and said in audit.told(found, judged)


def test_an_acceptance_is_of_one_package_and_is_told_when_nothing_needs_it() -> None:
    entry = Accepted.model_validate({**ENTRY, "package": "other"})
    judged = judge([FOUND], [entry], TODAY)
    assert judged.open == [FOUND] and judged.unused == [entry]
    found = Audit()
    assert "accepted and not found: GHSA-x of other" in audit.told(found, judge([], [entry], TODAY))
    found.unasked["x"] = "y"
    assert "accepted and not found" not in audit.told(found, judge([], [entry], TODAY))


def test_an_expired_acceptance_fails_also_where_nothing_was_asked() -> None:
    found = Audit(unasked={"requirements.lock": "no network"})
    judged = judge([], [Accepted.model_validate(ENTRY)], datetime.date(2027, 1, 1))
    assert audit.code(found, judged) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"owner": ""}, "0.owner"),
        ({"reason": "because"}, "0.reason"),
        ({"until": "2027-05-01"}, "by 183 days at most"),
        ({"until": "2026-04-01"}, "until must be after since"),
        ({"more": 1}, "0.more"),
    ],
)
def test_an_entry_that_says_too_little_or_holds_too_long_is_refused(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    path = tmp_path / "accepted.json"
    path.write_text(json.dumps([ENTRY]), encoding="utf-8")
    assert [entry.owner for entry in accepted(path)] == ["platform-team"]
    path.write_text(json.dumps([{**ENTRY, **change}]), encoding="utf-8")
    with pytest.raises(OperationError, match=said):
        accepted(path)


def test_the_shipped_file_is_right_and_an_unknown_source_is_refused() -> None:
    assert accepted(FILE) == []
    assert audit.main(["perl"]) == 2
