"""Whose images are asked for a signature: of all containers and volumes, by a registry where nothing is signed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.kyverno import cli, registry
from tests.kyverno.test_policies import NAMESPACES, directory, documents, policy

pytestmark = pytest.mark.kyverno

NAME = "verify-image-signatures"
OURS = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
# Half of a key whose other half nobody has.
KEY = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYsJJiCT4KBp3BHcVhz935hQC2HWT
L3jrCMmuN09o6xiN7bhs1fjdIwwfZwXWOa2x59OvtYk2PEUC2A+JHRFGYw==
-----END PUBLIC KEY-----
"""


def judged(resources: list[dict[str, Any]]) -> dict[str, str]:
    """Resource → result, with the images of our registry at the one of the test."""
    with registry.unsigned() as host:
        asked, given = json.loads(json.dumps([policy(NAME), resources]).replace(OURS, host))
        asked["spec"]["attestors"][0]["cosign"]["key"] = {"data": KEY}
        verdicts = cli.apply([asked], given, namespaces=NAMESPACES)
    return {f"{each.kind}/{each.name}": each.result for each in verdicts}


@pytest.mark.proves("6.5.1")
def test_an_unsigned_image_is_refused_wherever_a_pod_names_it() -> None:
    resources = documents(directory(NAME) / "bad.yaml")
    wanted = {f"{each['kind']}/{each['metadata']['name']}" for each in resources}
    assert {"Pod/unsigned-init", "Pod/unsigned-volume"} < wanted
    assert judged(resources) == dict.fromkeys(wanted, "fail")


def test_a_debugging_container_s_image_is_found_in_the_background() -> None:
    (pod,) = [each for each in documents(directory(NAME) / "good.yaml") if each["metadata"]["name"] == "of-others"]
    pod["spec"]["ephemeralContainers"] = [{"name": "look", "image": f"{OURS}/team/alpha/look:1.0.0"}]
    assert judged([pod]) == {"Pod/of-others": "fail"}
