"""The command line is the cluster's Kyverno, and the helper over it hides no failure."""

from __future__ import annotations

from typing import Any

import pytest

from config.versions import TOOLS
from constructs_lib.components.registry import CATALOG
from tests.kyverno import cli

pytestmark = pytest.mark.kyverno


def validating(expression: str) -> dict[str, Any]:
    return {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ValidatingPolicy",
        "metadata": {"name": "probe"},
        "spec": {
            "validationActions": ["Deny"],
            "matchConstraints": {
                "resourceRules": [
                    {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
                ]
            },
            "validations": [{"expression": expression, "message": "needs an owner"}],
        },
    }


def config_map(name: str, **labels: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "place", "labels": labels}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {}}


OWNED = "'owner' in object.metadata.?labels.orValue({})"


def test_the_command_line_is_of_the_version_that_the_cluster_runs() -> None:
    (image,) = (each for each in CATALOG["kyverno"].images if each.name == "kyverno")
    assert image.tag == f"v{TOOLS['kyverno']}"


def test_a_policy_passes_what_is_good_and_fails_what_is_bad() -> None:
    verdicts = cli.apply([validating(OWNED)], [config_map("good", owner="x"), config_map("bad")])
    assert [(each.name, each.result) for each in verdicts] == [("bad", "fail"), ("good", "pass")]
    assert verdicts[0].message == "needs an owner"


def test_a_namespace_s_labels_are_seen() -> None:
    policy = validating("namespaceObject.metadata.labels['platform/scope'] == 'team'")
    (verdict,) = cli.apply([policy], [config_map("any")], namespaces={"place": {"platform/scope": "team"}})
    assert verdict.result == "pass"


def test_a_policy_that_does_not_compile_is_no_policy_without_findings() -> None:
    with pytest.raises(cli.Broken, match="undeclared reference"):
        cli.apply([validating("no.such.thing")], [config_map("any")])


def test_a_policy_with_an_unknown_field_is_broken() -> None:
    policy = validating(OWNED)
    policy["spec"]["validation"] = []
    with pytest.raises(cli.Broken, match="validation"):
        cli.apply([policy], [config_map("any")])


def test_what_a_policy_leaves_out_has_no_verdict() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "any", "namespace": "place"}}
    assert cli.apply([validating(OWNED)], [secret]) == []
