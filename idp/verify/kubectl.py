"""The cluster, asked through the program kubectl."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from idp.findings import Unseen
from idp.programs import Run
from idp.programs import run as run_program

Manifest = Mapping[str, Any]
# How kubectl words that an API isn't installed.
_NO_KIND = ("the server doesn't have a resource type", "could not find the requested resource")
_UNREACHABLE = ("Unable to connect to the server", "connection refused", "You must be logged in", "getting credentials")


class Refused(Exception):
    """The API server said no; the message is its own."""


@dataclass(frozen=True, kw_only=True)
class Kubectl:
    """``program`` with ``options`` such as ``--kubeconfig=…`` before each command."""

    program: str
    options: tuple[str, ...] = ()
    run: Run = run_program

    def output(self, *arguments: str, given: str = "") -> str:
        """What a command prints. Raises Refused where the server says no, Unseen where nobody answers."""
        printed = self.run([self.program, *self.options, *arguments], given)
        if printed.code is None:
            raise Unseen("kubectl is not installed")
        if printed.code == 0:
            return printed.out
        said = (printed.err or printed.out).strip()
        if any(words in said for words in _UNREACHABLE):
            raise Unseen(said)
        raise Refused(said)

    def items(self, kinds: str, namespace: str | None = None) -> list[dict[str, Any]]:
        """All objects of ``kinds`` (``nodes``, ``deployments,statefulsets``); none where the API isn't installed.

        Not for Secrets: this fetches whole objects.
        """
        where = [f"--namespace={namespace}"] if namespace else ["--all-namespaces"]
        try:
            found: list[dict[str, Any]] = json.loads(self.output("get", kinds, *where, "--output=json"))["items"]
        except Refused as refusal:
            if any(words in str(refusal) for words in _NO_KIND):
                return []
            raise Unseen(str(refusal)) from None
        return found

    def releases(self) -> set[tuple[str, str]]:
        """(namespace, name) of every Helm release that is deployed, by the labels of Helm's Secrets.

        As a table: then the server sends names and labels, and not what the Secrets hold.
        """
        selector = "--selector=owner=helm,status=deployed"
        try:
            printed = self.output(
                "get", "secrets", "--all-namespaces", selector, "--no-headers", "--label-columns=name"
            )
        except Refused as refusal:
            raise Unseen(str(refusal)) from None
        rows = (line.split() for line in printed.splitlines() if line.strip())
        return {(row[0], row[-1]) for row in rows}

    def try_out(self, manifest: Manifest, namespace: str, *, user: str = "", groups: Sequence[str] = ()) -> None:
        """Let the server judge the creation of ``manifest`` without keeping it. Raises Refused."""
        who = [f"--as={user}", *(f"--as-group={group}" for group in groups)] if user else []
        self.output(
            *who,
            *("create", "--dry-run=server", "--validate=strict", "--output=name", f"--namespace={namespace}"),
            *("--filename=-",),
            given=json.dumps(manifest),
        )

    def allowed(self, reviews: Sequence[Manifest]) -> list[bool]:
        """The server's answers to SubjectAccessReviews, which it answers and doesn't keep."""
        given = "\n---\n".join(json.dumps(review) for review in reviews)
        try:
            printed = self.output("create", "--output=jsonpath={.status.allowed} ", "--filename=-", given=given)
        except Refused as refusal:
            raise Unseen(str(refusal)) from None
        # A denial may leave the field out.
        answers = printed.split(" ")[: len(reviews)]
        return [answer == "true" for answer in answers]


def condition(item: Manifest, kind: str) -> str:
    """The status of an object's condition: ``True``, ``False``, ``Unknown``; empty where it isn't there."""
    conditions = item.get("status", {}).get("conditions") or []
    return next((str(each["status"]) for each in conditions if each["type"] == kind), "")


def title(item: Manifest) -> str:
    """``namespace/name``, or the name."""
    metadata = item["metadata"]
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if namespace else str(metadata["name"])
