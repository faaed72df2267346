"""Deliveries of GitHub, in the shape of its webhook documentation, as the event source hands them on.

The event source puts kind and delivery into the body (Argo Events, eventsources/sources/github, parseValidateRequest).
"""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]

DELIVERY = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
BEFORE, AFTER, HEAD = "a" * 40, "b" * 40, "c" * 40


def _event(kind: str, repository: str, body: dict[str, Any]) -> Event:
    owner, _, name = repository.partition("/")
    common = {
        "repository": {
            "id": 1296269,
            "name": name,
            "full_name": repository,
            "private": False,
            "fork": False,
            "owner": {"login": owner, "type": "Organization"},
            "default_branch": "main",
        },
        "organization": {"login": owner},
        "sender": {"login": "octocat", "type": "User"},
        "X-GitHub-Event": kind,
        "X-GitHub-Delivery": DELIVERY,
    }
    return {"headers": {"X-Github-Event": [kind], "X-Github-Delivery": [DELIVERY]}, "body": body | common}


def commit(
    *modified: str, added: tuple[str, ...] = (), removed: tuple[str, ...] = (), author: str = "octocat@example.com"
) -> dict[str, Any]:
    """One of a push."""
    files = {"added": list(added), "removed": list(removed), "modified": list(modified)}
    return {"id": AFTER, "distinct": True, "message": "A change", "author": {"email": author}} | files


def push(
    repository: str = "example-org/shop",
    *,
    ref: str = "refs/heads/main",
    deleted: bool = False,
    commits: tuple[dict[str, Any], ...] = (),
) -> Event:
    """``commits`` are empty where the branch goes back, or is new."""
    after = "0" * 40 if deleted else AFTER
    body = {"ref": ref, "before": BEFORE, "after": after, "created": False, "deleted": deleted, "forced": False}
    return _event(
        "push", repository, body | {"base_ref": None, "commits": list(commits), "pusher": {"name": "octocat"}}
    )


def pull_request(
    repository: str = "example-org/shop",
    *,
    head: str | None = None,
    association: str = "MEMBER",
    action: str = "opened",
    labels: tuple[str, ...] = (),
    label: str = "",
) -> Event:
    """``head``: where the proposal comes from; without it the repository itself, empty where that is gone.

    ``labels``: all that it has; ``label``: the one that was put on, of action ``labeled``.
    """
    head = repository if head is None else head
    origin = {"full_name": head, "fork": head != repository} if head else None
    proposal = {
        "number": 7,
        "state": "open",
        "draft": False,
        "author_association": association,
        "user": {"login": "octocat"},
        "head": {"ref": "proposal", "sha": HEAD, "repo": origin},
        "base": {"ref": "main", "sha": BEFORE, "repo": {"full_name": repository}},
        "labels": [{"id": 1, "name": each, "default": False} for each in labels],
    }
    body = {"action": action, "number": 7, "pull_request": proposal}
    return _event("pull_request", repository, body | ({"label": {"id": 1, "name": label}} if label else {}))


def release(
    repository: str = "example-org/shop",
    *,
    action: str = "published",
    draft: bool = False,
    prerelease: bool = False,
    sender: str = "User",
) -> Event:
    """``sender``: User, Bot or Organization."""
    about = {"tag_name": "v1.2.0", "target_commitish": "main", "draft": draft, "prerelease": prerelease}
    found = _event("release", repository, {"action": action, "release": about})
    found["body"]["sender"]["type"] = sender
    return found


def issue(repository: str = "example-org/shop") -> Event:
    """Of a kind that nothing takes."""
    return _event("issues", repository, {"action": "opened", "issue": {"number": 8, "title": "A title"}})
