"""Where the offline schemas of Kubernetes objects, custom resources and charts are, if they are."""

from __future__ import annotations

from pathlib import Path

import pytest

SCHEMAS = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "schemas"
# Definitions that the offline schemas lack, or have of an older version; these come first. Fields as in External
# Secrets' documentation, Generators, and in IngressClassParams of AWS Load Balancer Controller 3.5 (wafv2AclArn).
OURS = Path(__file__).with_name("crds")


def schemas(part: str) -> Path:
    """A folder of the offline schemas. Skips the test where they aren't: they are no part of the tree."""
    found = SCHEMAS / part
    if not found.is_dir():
        pytest.skip(f"no offline schemas at ../shared/schemas/{part} beside the repository")
    return found


def minors() -> list[str]:
    """Kubernetes minors that have schemas, oldest first; none where the schemas aren't there."""
    folders = (SCHEMAS / "kubernetes").glob("v*-standalone-strict")
    return sorted({".".join(each.name.split("-")[0].lstrip("v").split(".")[:2]) for each in folders})


def newest_minor() -> str:
    """The newest of ``minors``. Skips the test where the schemas aren't there."""
    schemas("kubernetes")
    return minors()[-1]


def patch_version(minor: str) -> str:
    """The version of Kubernetes whose schemas stand for ``minor``: "1.34" → "1.34.2"."""
    found = sorted(schemas("kubernetes").glob(f"v{minor}.*-standalone-strict"))
    return found[-1].name.split("-")[0].lstrip("v")
