"""Kyverno policies in the deployment file: what each does with what it finds, and who is left out until when.

The policies themselves are ``policies/<category>/<name>/policy.yaml``; their names are known here, so that a deployment
file that misspells one is told.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.types import Allowed, DnsLabel, Model

Action = Literal["deny", "audit", "off"]
FailurePolicy = Literal["Fail", "Ignore"]
PolicyName = DnsLabel
DIRECTORY = Path(__file__).resolve().parent.parent / "policies"
FILE = "policy.yaml"
_KIND = re.compile(r"^kind: ([A-Za-z]+)$", re.MULTILINE)
Workload = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9-])?$"),
    Allowed("how the names of the workload's objects start, such as ci-build-"),
]
Reason = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 .,:;()/_+=@-]{0,199}$"),
    Allowed("a sentence of letters, digits and spaces"),
]


Owner = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9 _.:/=+@-]{0,254}[A-Za-z0-9])?$"),
    Allowed("a name or an address, which starts and ends with a letter or a digit"),
]
# Names of the platform's own exceptions, in the same namespace of the cluster.
OWN_EXCEPTIONS = ("build-daemons", "build-daemons-image")


class PolicyException(Model):
    """A hole in policies that somebody answers for, and that closes by itself."""

    name: DnsLabel = Field(description="Name of the exception.")
    policies: tuple[PolicyName, ...] = Field(min_length=1, description="Policies that leave the workload out.")
    namespace: DnsLabel = Field(description="Namespace of the workload.")
    workload: Workload = Field(description="How the names of the workload's objects start.")
    owner: Owner = Field(description="Who answers for it: a team or an address.")
    expires: Annotated[datetime.date, Allowed("a day, such as 2027-03-31")] = Field(
        description="Its last day. The cluster ends it by itself."
    )
    reason: Reason = Field(description="Why it has to be.")


@functools.cache
def kinds() -> Mapping[str, str]:
    """Policy → its kind, by name. Raises ValueError where a file states none."""
    found = {}
    for path in sorted(DIRECTORY.glob(f"*/*/{FILE}")):
        stated = _KIND.search(path.read_text(encoding="utf-8"))
        if stated is None:
            raise ValueError(f"policies/{path.relative_to(DIRECTORY)} states no kind")
        found[path.parent.name] = stated.group(1)
    return found
