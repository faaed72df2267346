"""The page from requirements of PCI DSS to lines of JSON and back, docs/CONTROLS.md, of the shipped deployment for it.

python -m tools.controls_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from config.deployment import Deployment
from config.generated import ROOT, command
from constructs_lib.evidence.catalog import STANDARD, VERSION
from constructs_lib.evidence.evidence import Place, evidence
from constructs_lib.evidence.proofs import marked
from constructs_lib.synth import STACK_FILE, STACKS
from idp.evidence import markdown
from tools import shipped

PATH = ROOT / "docs" / "CONTROLS.md"
_INTRO = """Deployment `{id}` as shipped. Each resource leads to its lines in the reviewed JSON (`tests/golden/`).

The construct that makes a resource says what it serves (`PlatformStack.serves`). That stands in the JSON beside the
resource, under `"//"`, which Terraform and OpenTofu take for a comment. Numbers and paraphrases are those of
`constructs_lib/evidence/catalog/`. This page is generated from there (`make docs`); `python -m idp evidence` writes the
same of any deployment, as a table and in OSCAL too.
"""


def page(deployment: Deployment, files: Mapping[str, str]) -> str:
    """The page's text. ``files``: relative path → text of the synthesized output of ``deployment``."""
    stacks = {Path(path).parent.name: text for path, text in files.items() if path.endswith(STACK_FILE)}

    def link(place: Place) -> str:
        return f"../tests/golden/{deployment.environment}/{place.stack}.json#L{place.line}"

    found = evidence(stacks, marked(ROOT))
    return markdown.page(f"{STANDARD} v{VERSION}, by requirement", _INTRO.format(id=deployment.id), found, link)


def in_scope() -> Deployment:
    """The shipped deployment that the standard applies to."""
    (found,) = (each for each in shipped.deployments() if each.policy.standard == "pci-dss")
    return found


def main() -> int:
    deployment = in_scope()
    own = f"{STACKS}/{deployment.id}-"
    files = {path: text for path, text in shipped.files().items() if path.startswith(own)}
    return command(PATH, page(deployment, files))


if __name__ == "__main__":
    sys.exit(main())
