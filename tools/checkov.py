"""Run checkov on what is synthesized and on what is planned: which checks fail at which address of which stack.

It runs without a key of its vendor's service and asks no server anything.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from constructs_lib.checkov import Waiver, waivers
from constructs_lib.evidence.lines import addresses_by_line
from tools.build import program
from tools.run import BuildError, run

Framework = Literal["terraform_json", "terraform_plan"]

# A plan shows every argument that was left out as an empty list, and these checks ask whether one is there; of a bucket
# that receives access logs they take the other's logging for its own.
SEEN_IN_JSON_ONLY = frozenset({"CKV_AWS_18", "CKV2_AWS_39"})


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """``check`` fails for the resource or data source at ``address`` of ``stack``."""

    stack: str
    address: str
    check: str

    @classmethod
    def waived(cls, waiver: Waiver) -> Finding:
        """What ``waiver`` is for."""
        return cls(stack=waiver.stack, address=waiver.address, check=waiver.check)

    @property
    def only_in_json(self) -> bool:
        """Whether a plan doesn't show it: what a plan has read already (data sources) isn't in its planned values."""
        return self.address.startswith("data.") or self.check in SEEN_IN_JSON_ONLY

    def __str__(self) -> str:
        return f"{self.stack}: {self.address}: {self.check}"


def in_json(directory: Path) -> set[Finding]:
    """Failed checks of the stacks below ``directory``, as synthesized. Raises BuildError where checkov fails."""
    addresses = functools.cache(_addresses)
    return {
        Finding(
            stack=(path := directory / record["file_path"].lstrip("/")).parent.name,
            address=addresses(path)[record["file_line_range"][0]],
            check=record["check_id"],
        )
        for record in _report(directory, "terraform_json")["results"]["failed_checks"]
    }


def in_plans(directory: Path) -> set[Finding]:
    """Failed checks of the plans ``<stack>.json`` in ``directory``.

    Raises BuildError where checkov fails, or hasn't read every resource of the plans.
    """
    report = _report(directory, "terraform_plan")
    planned = sum(_managed(path) for path in directory.glob("*.json"))
    if report["summary"]["resource_count"] != planned:
        raise BuildError(f"checkov read {report['summary']['resource_count']} of {planned} planned resources")
    return {
        Finding(stack=Path(record["file_path"]).stem, address=record["resource"], check=record["check_id"])
        for record in report["results"]["failed_checks"]
    }


def waived(documents: Mapping[str, Mapping[str, Any]]) -> set[Finding]:
    """What the JSON of stacks (name → document) gives reasons for."""
    return {Finding.waived(waiver) for waiver in waivers(documents)}


def lines(findings: Iterable[Finding]) -> list[str]:
    return [str(finding) for finding in sorted(findings)]


def _report(directory: Path, framework: Framework) -> dict[str, Any]:
    # --soft-fail: a failed check is an answer, not an error.
    options = ["--skip-download", "--soft-fail", "--compact", "--output", "json", "--framework", framework]
    command: list[str | Path] = [program("checkov"), *options, "--directory", directory]
    report: dict[str, Any] = json.loads(run(command, cwd=directory, environment={"BC_API_KEY": ""}))
    if "results" not in report:
        raise BuildError(f"checkov found nothing to check in {directory}")
    unread = report["results"]["parsing_errors"]
    if unread:
        raise BuildError(f"checkov can't read {', '.join(unread)}")
    return report


def _managed(plan: Path) -> int:
    values = json.loads(plan.read_text(encoding="utf-8"))["planned_values"]
    return sum(resource["mode"] == "managed" for resource in values.get("root_module", {}).get("resources", []))


def _addresses(path: Path) -> dict[int, str]:
    """Line number → address: of most checks the report names no type, only the line."""
    return addresses_by_line(path.read_text(encoding="utf-8"))
