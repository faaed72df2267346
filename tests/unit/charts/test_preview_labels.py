"""The job that ends previews in time, as a process, against a server that speaks GitHub's API on loopback."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.loopback import HOST, serving

PROGRAM = Path(__file__).resolve().parents[3] / "charts" / "preview-namespaces" / "files" / "preview_labels.py"
WEB, JOBS = "example-org/Web.App", "example-org/jobs"
TOKEN = "ghs_of-this-test"
LIMIT = 5


def ago(hours: float) -> str:
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def event(what: str, label: str, hours: float) -> dict[str, Any]:
    return {"event": what, "label": {"name": label}, "created_at": ago(hours)}


@dataclass
class Pull:
    labels: list[str]
    events: list[dict[str, Any]] = field(default_factory=list)
    opened: float = 1000
    state: str = "open"

    def shown(self, number: int) -> dict[str, Any]:
        labels = [{"name": label} for label in self.labels]
        return {"number": number, "state": self.state, "created_at": ago(self.opened), "labels": labels}


@dataclass
class GitHub:
    """Repositories with their pull requests. Those that are ``broken`` answer 502; ``slow`` is a race: a label is gone
    when the job takes it off."""

    pulls: dict[str, dict[int, Pull]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    slow: bool = False
    asked: list[str] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)

    def answer(self, method: str, address: str) -> tuple[int, Any, bool]:
        """Status, body, and whether another page follows."""
        parts = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)/(pulls|issues)(?:/(\d+)/(timeline|labels/(.+)))?", parts.path)
        self.asked.append(f"{method} {parts.path}")
        if found is None or found[1] not in self.pulls:
            return 404, {"message": "Not Found"}, False
        repository, number, label = self.pulls[found[1]], int(found[3] or 0), found[5]
        if found[1] in self.broken:
            return 502, {"message": "Server Error"}, False
        if method == "DELETE":
            if self.slow or label not in repository[number].labels:
                return 404, {"message": "Label does not exist"}, False
            repository[number].labels.remove(label)
            return 200, [], False
        if found[2] == "pulls":
            listed = [pull.shown(n) for n, pull in repository.items() if pull.state == query.get("state", "open")]
        else:
            listed = repository[number].events
        # Shorter than was asked for, as GitHub's pages may be.
        size, page = min(int(query.get("per_page", "30")), 40), int(query.get("page", "1"))
        return 200, listed[(page - 1) * size : page * size], page * size < len(listed)


@dataclass(frozen=True)
class Run:
    code: int
    said: str


@pytest.fixture
def github() -> Iterator[GitHub]:
    yield GitHub()


@pytest.fixture
def address(github: GitHub) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            github.tokens.add(self.headers.get("Authorization"))
            status, body, more = github.answer(self.command, self.path)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            if more:
                self.send_header("Link", '<https://api.github.com/next?page=2>; rel="next"')
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_DELETE = _answer

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    with serving(ThreadingHTTPServer((HOST, 0), Handler)) as address:
        yield f"http://{address}"


@pytest.fixture
def run(address: str, tmp_path: Path) -> Any:
    def started(*repositories: str, without_token: str = "") -> Run:
        for repository in {WEB, *repositories} - {without_token}:
            path = tmp_path / "tokens" / repository
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{TOKEN}-{path.name}\n")
        settings = {
            "REPOSITORIES": " ".join(repositories or (WEB,)),
            "LABEL": "preview",
            "HOURS": "24",
            "LIMIT": str(LIMIT),
            "TOKENS": str(tmp_path / "tokens"),
            "GITHUB_API": address,
        }
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        finished = subprocess.run(
            [sys.executable, str(PROGRAM)], env=environment | settings, capture_output=True, text=True, timeout=60
        )
        return Run(finished.returncode, finished.stdout + finished.stderr)

    return started


def test_a_label_goes_when_its_day_is_over_and_not_before(github: GitHub, run: Any) -> None:
    github.pulls[WEB] = {
        1: Pull(["preview", "bug"], [event("labeled", "preview", 24.1)]),
        2: Pull(["preview"], [event("labeled", "preview", 23.9)]),
    }
    assert run() == Run(0, f"{WEB}: 2 previews\n{WEB}#1: label removed, past its time\n")
    assert {number: pull.labels for number, pull in github.pulls[WEB].items()} == {1: ["bug"], 2: ["preview"]}


def test_the_day_counts_from_when_the_label_was_last_put_on(github: GitHub, run: Any) -> None:
    events = [event("labeled", "preview", 60), event("unlabeled", "preview", 30), event("labeled", "preview", 5)]
    github.pulls[WEB] = {1: Pull(["preview"], events)}
    assert run().code == 0
    assert github.pulls[WEB][1].labels == ["preview"]


def test_another_label_does_not_make_the_day_longer(github: GitHub, run: Any) -> None:
    github.pulls[WEB] = {1: Pull(["preview", "bug"], [event("labeled", "preview", 30), event("labeled", "bug", 1)])}
    run()
    assert github.pulls[WEB][1].labels == ["bug"]


def test_where_nothing_says_when_the_pull_request_s_own_age_counts(github: GitHub, run: Any) -> None:
    github.pulls[WEB] = {1: Pull(["preview"], opened=25), 2: Pull(["preview"], opened=2)}
    run()
    assert [pull.labels for pull in github.pulls[WEB].values()] == [[], ["preview"]]


def test_pull_requests_without_the_label_and_closed_ones_are_not_touched(github: GitHub, run: Any) -> None:
    github.pulls[WEB] = {1: Pull(["bug"]), 2: Pull(["preview"], opened=100, state="closed")}
    assert run() == Run(0, f"{WEB}: 0 previews\n")
    assert github.asked == [f"GET /repos/{WEB}/pulls"]


def test_every_page_is_read(github: GitHub, run: Any) -> None:
    events = [{"event": "committed", "sha": "1"}, event("labeled", "preview", 400)]
    events += [event("labeled", "bug", 300) for _ in range(100)]
    events.append(event("labeled", "preview", 1))
    github.pulls[WEB] = {number: Pull(["bug"]) for number in range(1, 101)}
    github.pulls[WEB] |= {101: Pull(["preview"], opened=100), 102: Pull(["preview"], events)}
    run()
    assert github.pulls[WEB][101].labels == []
    assert github.pulls[WEB][102].labels == ["preview"]


def test_a_repository_that_fails_does_not_stop_the_others(github: GitHub, run: Any) -> None:
    github.pulls = {WEB: {1: Pull(["preview"])}, JOBS: {1: Pull(["preview"])}}
    github.broken = {WEB}
    found = run(WEB, JOBS, "example-org/gone")
    assert found.code == 1
    assert f"{WEB}: HTTP Error 502" in found.said and "example-org/gone: HTTP Error 404" in found.said
    assert github.pulls[JOBS][1].labels == []


def test_a_repository_without_a_token_does_not_stop_the_others(github: GitHub, run: Any) -> None:
    """GitHub gives none for a repository that isn't there, or that the App may not see."""
    github.pulls = {WEB: {1: Pull(["preview"])}, JOBS: {1: Pull(["preview"])}}
    found = run(WEB, JOBS, without_token=WEB)
    assert found.code == 1
    assert f"{WEB}: [Errno 2] No such file" in found.said
    assert github.pulls[JOBS][1].labels == []
    assert github.tokens == {f"Bearer {TOKEN}-jobs"}


def labelled(*hours: float) -> dict[int, Pull]:
    return {number: Pull(["preview"], [event("labeled", "preview", each)]) for number, each in enumerate(hours, 1)}


def kept(github: GitHub) -> set[tuple[str, int]]:
    return {
        (repository, number)
        for repository, pulls in github.pulls.items()
        for number, pull in pulls.items()
        if "preview" in pull.labels
    }


def test_as_many_as_a_team_may_have_stay(github: GitHub, run: Any) -> None:
    github.pulls = {WEB: labelled(1, 2, 3), JOBS: labelled(1, 2)}
    assert run(WEB, JOBS).code == 0
    assert len(kept(github)) == LIMIT


def test_of_too_many_in_all_repositories_together_the_last_labelled_go(github: GitHub, run: Any) -> None:
    github.pulls = {WEB: labelled(1, 5, 2, 8), JOBS: labelled(7, 6, 0.5)}
    found = run(WEB, JOBS)
    assert found.code == 0
    assert kept(github) == {(WEB, 2), (WEB, 3), (WEB, 4), (JOBS, 1), (JOBS, 2)}
    assert f"{JOBS}#3: label removed, more than {LIMIT} at once" in found.said


def test_what_is_past_its_time_counts_no_more(github: GitHub, run: Any) -> None:
    github.pulls[WEB] = labelled(25, 26, 1, 2, 3, 4, 5)
    assert run().code == 0
    assert kept(github) == {(WEB, number) for number in (3, 4, 5, 6, 7)}


def test_labelled_in_one_second_the_order_is_always_the_same(github: GitHub, run: Any) -> None:
    once = [event("labeled", "preview", 1)]
    github.pulls = {each: {number: Pull(["preview"], once) for number in (1, 2, 3)} for each in (JOBS, WEB)}
    run(JOBS, WEB)
    assert kept(github) == {(WEB, number) for number in (1, 2, 3)} | {(JOBS, 1), (JOBS, 2)}


def test_a_repository_that_fails_takes_no_place_from_the_others(github: GitHub, run: Any) -> None:
    github.pulls = {WEB: labelled(*[9] * LIMIT), JOBS: labelled(1, 2)}
    github.broken = {WEB}
    assert run(WEB, JOBS).code == 1
    assert {(JOBS, 1), (JOBS, 2)} <= kept(github)


def test_a_label_that_somebody_took_off_meanwhile_is_no_failure(github: GitHub, run: Any) -> None:
    github.pulls[WEB] = {1: Pull(["preview"])}
    github.slow = True
    assert run().code == 0


def test_the_token_is_sent_and_never_said(github: GitHub, run: Any) -> None:
    github.pulls[WEB] = {1: Pull(["preview"])}
    github.broken = {WEB}
    assert TOKEN not in run().said
    assert github.tokens == {f"Bearer {TOKEN}-Web.App"}
