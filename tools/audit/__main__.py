"""``python -m tools.audit [python|npm|go …]``: known vulnerabilities in all that is locked or built.

Exit code 1: something is open or an acceptance has expired. 3: nothing is, of what was asked, and some source could not
be asked. 0: all were asked, and nothing is open.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Mapping, Sequence

from idp.entry import ended
from tools.audit import sources
from tools.audit.findings import Audit, Judged, accepted, judge

SOURCES: Mapping[str, Callable[[Audit], None]] = {
    "python": sources.python,
    "npm": sources.javascript,
    "go": sources.go,
}
OPEN, UNASKED = 1, 3


def audit(names: Sequence[str]) -> Audit:
    """Ask the sources called ``names``."""
    found = Audit()
    for name in names:
        SOURCES[name](found)
    return found


def told(found: Audit, judged: Judged) -> str:
    """The result, for people."""
    lines = [f"open: {each}" for each in judged.open]
    lines += [f"expired on {each.until}: {each.id} of {each.package} (owner: {each.owner})" for each in judged.expired]
    lines += [f"accepted: {each}" for each in judged.accepted]
    # What wasn't asked can't say that an acceptance is needed no more.
    lines += [] if found.unasked else [f"accepted and not found: {each.id} of {each.package}" for each in judged.unused]
    lines += [f"NOT ASKED: {place}: {why}" for place, why in sorted(found.unasked.items())]
    counts = f"{len(found.asked)} places asked, {len(found.unasked)} not"
    return "\n".join([*lines, f"audit: {counts}; {len(judged.open)} open, {len(judged.accepted)} accepted"])


def code(found: Audit, judged: Judged) -> int:
    """The exit code."""
    return OPEN if judged.open or judged.expired else UNASKED if found.unasked else 0


def main(arguments: Sequence[str]) -> int:
    """Print what was found. Returns the exit code."""
    unknown = sorted(set(arguments) - set(SOURCES))
    if unknown:
        print(__doc__, file=sys.stderr)
        return 2
    entries = accepted()
    found = audit(list(arguments) or list(SOURCES))
    judged = judge(found.findings, entries, datetime.datetime.now(datetime.UTC).date())
    print(told(found, judged))
    return code(found, judged)


if __name__ == "__main__":
    codes: list[int] = []
    sys.exit(ended(lambda: codes.append(main(sys.argv[1:]))) or codes[0])
