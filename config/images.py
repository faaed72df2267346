"""Digests of the images that are copied, as a person reviewed them: ``images.lock.json`` beside cdktf.json.

``python -m idp images copy`` writes those of new images; what the file holds it only checks (docs/adr/0030).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path

from config.errors import ConfigError, Problem, shown

LOCK_FILE = Path(__file__).resolve().parent.parent / "images.lock.json"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@functools.cache
def recorded(path: Path = LOCK_FILE) -> Mapping[str, str]:
    """Upstream reference (``quay.io/argoproj/argocd:v3.4.4``) → digest. Raises ConfigError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ConfigError([_problem(path, "(file)", "", f"is no JSON: {error}")]) from None
    if not isinstance(found, dict):
        raise ConfigError([_problem(path, "(file)", shown(found), "must be an object of references and digests")])
    wrong = [
        _problem(path, name, shown(digest), "must be sha256: and 64 hexadecimal digits")
        for name, digest in found.items()
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest)
    ]
    if wrong:
        raise ConfigError(wrong)
    return found


def record(digests: Mapping[str, str], path: Path = LOCK_FILE) -> None:
    """Write ``digests``, sorted, in place of what the file holds."""
    path.write_text(json.dumps(dict(sorted(digests.items())), indent=2) + "\n", encoding="utf-8")
    recorded.cache_clear()


def _problem(path: Path, key: str, value: str, message: str) -> Problem:
    remedy = "take the file from version control, and let `python -m idp images copy` write it"
    return Problem(file=path.name, key=key, value=value, message=message, remedy=remedy)
