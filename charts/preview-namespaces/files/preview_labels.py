"""Takes the label off pull requests whose preview is past its time, and off those that are more than a team may have
at once. Argo CD then takes the preview away.

The time counts from when the label was last put on, so whoever wants a preview for longer puts it on again. Of too many
those lose it that got it last: nobody takes another's preview away. Speaks GitHub's REST API ("Pulls", "Timeline
events" and "Labels", for which permission pull_requests is enough) with the standard library alone. Settings, by
environment:

    REPOSITORIES  owner/name of each repository, separated by spaces
    LABEL         the label's name
    HOURS         how long it stays
    LIMIT         how many pull requests of all the repositories may carry it
    TOKENS        directory with a file for each repository, <owner>/<name>, that holds an access token
    GITHUB_API    address of the API, without a slash at its end

A repository that fails doesn't stop the others. Exit code 1 when any did.
"""

from __future__ import annotations

import dataclasses
import datetime
import http.client
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PER_PAGE = 100
TIMEOUT_SECONDS = 20
# No answer, a refusal, an answer that is none, no token.
FAILURES = (OSError, http.client.HTTPException, KeyError, ValueError)


class GitHub:
    """The API at ``address``. Raises urllib.error.URLError where it can't be reached or refuses."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address, token

    def items(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        page = 1
        while True:
            asked = urllib.parse.urlencode({**query, "per_page": PER_PAGE, "page": page})
            body, links = self._call("GET", f"{path}?{asked}")
            yield from json.loads(body)
            # GitHub documentation, "Using pagination in the REST API": a page may be shorter than was asked for.
            if 'rel="next"' not in links:
                return
            page += 1

    def delete(self, path: str) -> None:
        """Delete what may be gone already."""
        try:
            self._call("DELETE", path)
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise

    def _call(self, method: str, path: str) -> tuple[bytes, str]:
        """Body and header Link of the answer."""
        request = urllib.request.Request(f"{self._address}{path}", method=method)
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", "2022-11-28")
        # Not sent on where GitHub answers with another address.
        request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.read(), answer.headers.get("Link", "")


def labelled_since(github: GitHub, repository: str, pull: dict[str, Any], label: str) -> datetime.datetime:
    """When ``label`` was last put on; when the pull request was opened, where nothing says so."""
    since = str(pull["created_at"])
    for event in github.items(f"/repos/{repository}/issues/{pull['number']}/timeline"):
        if event.get("event") == "labeled" and event["label"]["name"] == label:
            since = max(since, str(event["created_at"]))
    return datetime.datetime.fromisoformat(since.replace("Z", "+00:00"))


@dataclasses.dataclass(frozen=True, order=True)
class Preview:
    """An open pull request with the label; in order of ``since``, when it was put on."""

    since: datetime.datetime
    repository: str
    number: int


def labelled(github: GitHub, repository: str, label: str) -> list[Preview]:
    """The open pull requests that carry ``label``."""
    pulls = [
        pull
        for pull in github.items(f"/repos/{repository}/pulls", state="open")
        if label in (each["name"] for each in pull["labels"])
    ]
    return [Preview(labelled_since(github, repository, pull, label), repository, int(pull["number"])) for pull in pulls]


def ended(previews: list[Preview], oldest: datetime.datetime, limit: int) -> dict[Preview, str]:
    """Which of ``previews`` end, and why: those labelled by ``oldest``, and of the others the last beyond ``limit``."""
    found = {preview: "past its time" for preview in previews if preview.since <= oldest}
    kept = sorted(preview for preview in previews if preview not in found)
    return found | {preview: f"more than {limit} at once" for preview in kept[limit:]}


def main() -> int:
    label, limit = os.environ["LABEL"], int(os.environ["LIMIT"])
    oldest = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=int(os.environ["HOURS"]))
    previews: list[Preview] = []
    failed = 0
    clients: dict[str, GitHub] = {}
    for repository in os.environ["REPOSITORIES"].split():
        try:
            token = Path(os.environ["TOKENS"], repository).read_text(encoding="utf-8").strip()
            clients[repository] = GitHub(os.environ["GITHUB_API"], token)
            found = labelled(clients[repository], repository, label)
        except FAILURES as error:
            print(f"{repository}: {error}", file=sys.stderr)
            failed = 1
            continue
        print(f"{repository}: {len(found)} previews")
        previews += found
    for preview, why in ended(previews, oldest, limit).items():
        place, path = preview.repository, urllib.parse.quote(label, safe="")
        try:
            clients[place].delete(f"/repos/{place}/issues/{preview.number}/labels/{path}")
        except FAILURES as error:
            print(f"{place}#{preview.number}: {error}", file=sys.stderr)
            failed = 1
            continue
        print(f"{place}#{preview.number}: label removed, {why}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
