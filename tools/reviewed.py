"""The stacks of the reviewed JSON, ``tests/golden/``: what pages read that must not cost a synth."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from config.generated import ROOT
from idp.output import Stack, read_states

GOLDEN = ROOT / "tests" / "golden"


def reviewed(deployments: Collection[str]) -> Iterator[Stack]:
    """Stacks of the deployments with these ids, by environment and name. Write the JSON first: ``make golden``."""
    for path in sorted(GOLDEN.glob("*/*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        deployment = document["provider"]["aws"][0]["default_tags"][0]["tags"]["deployment"]
        if deployment in deployments:
            reads = read_states(document)
            yield Stack(name=path.stem, deployment=deployment, directory=path.parent, reads=reads, document=document)
