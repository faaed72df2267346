"""``python -m tools.sbom [FILE]``: writes the bill of materials, checked against CycloneDX's own schema.

Its date is that of the commit, or SOURCE_DATE_EPOCH (reproducible-builds.org): the same commit makes the same bytes.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from idp.entry import ended
from idp.errors import OperationError
from tools.programs import ROOT
from tools.sbom import packages, platform
from tools.sbom.item import Item, merged

# How many components are validated at once.
_PART = 40
DEFAULT = Path("cdktf.out") / "sbom" / "idp.cdx.json"


def items(root: Path = ROOT) -> list[Item]:
    """All that the project ships and runs, each once, sorted."""
    return merged([*packages.python(root), *packages.npm(root), *packages.go(), *platform.everything(root)])


def document(when: datetime.datetime, root: Path = ROOT) -> str:
    """The bill of materials as JSON. Raises OperationError where it doesn't follow the schema."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    purl = PackageURL(type="generic", name=project["name"], version=project["version"])
    subject = Component(
        type=ComponentType.APPLICATION,
        bom_ref=purl.to_string(),
        name=project["name"],
        version=project["version"],
        purl=purl,
        description=project["description"],
    )
    components = [item.component() for item in items(root)]
    bom = Bom(
        components=components,
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{purl.to_string()} {when.isoformat()}"),
        metadata=BomMetaData(
            component=subject, timestamp=when, lifecycles=[PredefinedLifecycle(phase=LifecyclePhase.PRE_BUILD)]
        ),
    )
    bom.register_dependency(subject, components)
    text = JsonV1Dot6(bom).output_as_string(indent=2) + "\n"
    validate(json.loads(text))
    return text


def validate(found: Mapping[str, Any]) -> None:
    """Raise OperationError where a bill of materials doesn't follow CycloneDX's schema.

    It is read in parts: that no two of a list are the same takes the validator half a minute for all of them at once.
    """
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    references = [each["bom-ref"] for each in found["components"]]
    problems = [] if len(references) == len(set(references)) else ["two components have one reference"]
    for start in range(0, len(references), _PART):
        part = slice(start, start + _PART)
        document = {**found, **{name: found[name][part] for name in ("components", "dependencies")}}
        wrong = validator.validate_str(json.dumps(document))
        problems += [] if wrong is None else [str(wrong)]
    if problems:
        raise OperationError("the bill of materials isn't CycloneDX\n" + "\n".join(problems), remedy="see tools/sbom")


def date(root: Path = ROOT) -> datetime.datetime:
    """That of SOURCE_DATE_EPOCH, else of the commit. Raises OperationError without both."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or _commit_seconds(root)
    if not seconds.isdecimal():
        raise OperationError("nothing says of when the sources are", remedy="set SOURCE_DATE_EPOCH, in seconds")
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)


def _commit_seconds(root: Path) -> str:
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def main(arguments: list[str]) -> None:
    target = Path(*arguments[:1]) if arguments else DEFAULT
    text = document(date())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"sbom: {target}: {len(items())} components")


if __name__ == "__main__":
    sys.exit(ended(lambda: main(sys.argv[1:])))
