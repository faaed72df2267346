"""GitHub's REST API as far as ``tools.ci`` asks it: issues and comments, changed by the requests that are sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

BOT = {"login": "github-actions[bot]"}
REPOSITORY = "example-org/idp"


class GitHub:
    """A runner for ``tools.ci.github``. ``requests`` are those that changed something."""

    def __init__(self) -> None:
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, dict[str, Any]] = {}
        self.requests: list[str] = []

    def __call__(self, arguments: Sequence[str], given: str) -> str:
        assert arguments[0] == "api"
        if "--paginate" in arguments:
            return json.dumps([*self._pages(arguments[-1])])
        _, _, method, path, _, _ = arguments
        self.requests.append(f"{method} {path.removeprefix(f'repos/{REPOSITORY}/')}")
        self._change(method, path.removeprefix(f"repos/{REPOSITORY}/").split("/"), json.loads(given))
        return ""

    def open(self) -> dict[int, str]:
        return {number: issue["title"] for number, issue in self.issues.items() if issue["state"] == "open"}

    def add(self, body: str, *, user: str = BOT["login"], **more: Any) -> int:
        number = len(self.issues) + 1
        issue = {"number": number, "title": "title", "body": body, "state": "open", "user": {"login": user}}
        self.issues[number] = issue | more
        return number

    def _pages(self, path: str) -> list[list[dict[str, Any]]]:
        """Of two entries each, as if a page were full."""
        if "/comments?" in path:
            found = list(self.comments.values())
        else:
            found = [issue for issue in self.issues.values() if issue["state"] == "open"]
        return [found[at : at + 2] for at in range(0, len(found), 2)] or [[]]

    def _change(self, method: str, path: list[str], body: dict[str, Any]) -> None:
        match method, path:
            case "POST", ["issues"]:
                self.add(body["body"], title=body["title"], labels=body["labels"])
            case "POST", ["issues", _, "comments"]:
                number = len(self.comments) + 1
                self.comments[number] = {"id": number, "user": BOT, **body}
            case "PATCH", ["issues", "comments", number]:
                self.comments[int(number)] |= body
            case "PATCH", ["issues", number]:
                self.issues[int(number)] |= body
            case _:
                raise AssertionError((method, path))
