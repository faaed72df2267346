"""The page of controls: of the deployment in scope, by links into the reviewed JSON and back."""

from __future__ import annotations

import re

from constructs_lib.synth import STACK_FILE
from tests.synth import Synth
from tools.controls_page import in_scope, page


def test_each_link_leads_to_the_line_where_the_resource_begins(shipped: Synth) -> None:
    deployment = in_scope()
    assert deployment.id == "idp-pci"
    files = {
        f"stacks/{stack.name}/{STACK_FILE}": (shipped.directory / "stacks" / stack.name / STACK_FILE).read_text()
        for stack in shipped.stacks()
        if stack.name.startswith("idp-pci-")
    }
    found = re.findall(r"\[`([\w.]+)`\]\(\.\./tests/golden/pci/([\w-]+)\.json#L(\d+)\)", page(deployment, files))
    assert len(found) > 500
    for address, stack, line in found:
        text = files[f"stacks/{stack}/{STACK_FILE}"].splitlines()[int(line) - 1]
        assert text == f'      "{address.partition(".")[2]}": {{', (stack, address)
    # There and back: in the part by requirement, and in the part by resource.
    assert {(address, stack) for address, stack, _ in found if found.count((address, stack, _)) < 2} == set()
