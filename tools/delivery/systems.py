"""What steps of workflows touch outside of the cluster's own business, read from their scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REGISTRY, GIT, KEY, BUILDER, BUCKET, APPLICATIONS = "registry", "git", "key", "builder", "bucket", "applications"
# Systems of which there are several: the variable of a step that says which.
_WHICH = {BUILDER: "BUILDER", BUCKET: "BUCKET"}


@dataclass(frozen=True, kw_only=True)
class Touch:
    """``system`` is written or read. The first pattern of a system that fits says which."""

    system: str
    says: str
    pattern: re.Pattern[str]
    writes: bool = False


TOUCHES = (
    Touch(system=GIT, says="pushes", pattern=re.compile(r"\bgit push\b"), writes=True),
    Touch(system=GIT, says="fetches", pattern=re.compile(r"\bgit\b[^\n]* (?:fetch|clone|ls-remote) ")),
    Touch(system=REGISTRY, says="pushes by digest", pattern=re.compile(r"\bcrane push\b"), writes=True),
    Touch(system=REGISTRY, says="asks for the digest", pattern=re.compile(r"\bcrane digest\b")),
    Touch(system=KEY, says="signs", pattern=re.compile(r"\bcosign sign\b"), writes=True),
    Touch(system=BUILDER, says="builds", pattern=re.compile(r"\bbuildctl\b"), writes=True),
    Touch(system=BUCKET, says="writes", pattern=re.compile(r"\baws s3 (?:sync|cp)\b"), writes=True),
    Touch(system=APPLICATIONS, says="waits for", pattern=re.compile(r"/applications/")),
)


def touches(containers: Iterable[Mapping[str, Any]]) -> Iterator[Touch]:
    """What ``containers`` touch, each system once."""
    texts = [script(container) for container in containers]
    seen = set()
    for touch in TOUCHES:
        if touch.system not in seen and any(touch.pattern.search(text) for text in texts):
            seen.add(touch.system)
            yield touch


def script(container: Mapping[str, Any]) -> str:
    """What ``container`` runs."""
    return str(container.get("source") or (container.get("args") or [""])[0])


def which(system: str, containers: Iterable[Mapping[str, Any]]) -> str:
    """Which of several ``containers`` use, without scheme and port; empty where there is but one."""
    for container in containers:
        for each in container.get("env") or ():
            if each.get("name") == _WHICH.get(system):
                return re.sub(r"^\w+://|[.]svc(?::\d+)?$", "", str(each.get("value")))
    return ""
