"""Takes the label off pull requests whose preview is past its time, after which Argo CD takes the preview away.

The time counts from when the label was last put on, so whoever wants a preview for longer puts it on again. Speaks
GitHub's REST API ("Pulls", "Timeline events" and "Labels", for which permission pull_requests is enough) with the
standard library alone. Settings, by environment:

    REPOSITORIES  owner/name of each repository, separated by spaces
    LABEL         the label's name
    HOURS         how long it stays
    TOKEN_FILE    file that holds an access token
    GITHUB_API    address of the API, without a slash at its end

A repository that fails doesn't stop the others. Exit code 1 when any did.
"""

from __future__ import annotations

import datetime
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


def clean(github: GitHub, repository: str, label: str, oldest: datetime.datetime) -> list[int]:
    """Numbers of the open pull requests that lost ``label``: those that carry it since ``oldest`` or longer."""
    found = []
    labelled = [
        pull
        for pull in github.items(f"/repos/{repository}/pulls", state="open")
        if label in (each["name"] for each in pull["labels"])
    ]
    for pull in labelled:
        if labelled_since(github, repository, pull, label) <= oldest:
            github.delete(f"/repos/{repository}/issues/{pull['number']}/labels/{urllib.parse.quote(label, safe='')}")
            found.append(int(pull["number"]))
    return found


def main() -> int:
    label, hours = os.environ["LABEL"], int(os.environ["HOURS"])
    github = GitHub(os.environ["GITHUB_API"], Path(os.environ["TOKEN_FILE"]).read_text(encoding="utf-8").strip())
    oldest = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)
    failed = 0
    for repository in os.environ["REPOSITORIES"].split():
        try:
            removed = clean(github, repository, label, oldest)
        except (urllib.error.URLError, TimeoutError, KeyError, ValueError) as error:
            print(f"{repository}: {error}", file=sys.stderr)
            failed = 1
            continue
        print(f"{repository}: {'removed from ' + ', '.join(f'#{number}' for number in removed) if removed else 'none'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
