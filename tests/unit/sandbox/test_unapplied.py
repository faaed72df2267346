"""Tests of the list of what isn't applied, and of the output without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sandbox.unapplied import Unapplied, filtered_copy
from tests.synth import Synth

LISTED = Unapplied(providers={"helm": "no cluster"}, types={"aws_x": "unknown to the server"})


def document() -> dict[str, Any]:
    return {
        "provider": {"aws": [{}], "helm": [{}]},
        "terraform": {"backend": {"s3": {}}, "required_providers": {"aws": {}, "helm": {}}},
        "resource": {
            "helm_release": {"app": {"depends_on": ["aws_iam_role.app"]}},
            "aws_x": {"x": {}},
            "aws_iam_role": {"app": {}, "after": {"depends_on": ["helm_release.app", "aws_iam_role.app"]}},
        },
        "output": {"version": {"value": "${helm_release.app.version}"}, "role": {"value": "${aws_iam_role.app.arn}"}},
    }


def test_resources_of_the_list_are_gone_with_what_refers_to_them() -> None:
    kept = LISTED.without(document())
    assert kept["resource"] == {"aws_iam_role": {"app": {}, "after": {"depends_on": ["aws_iam_role.app"]}}}
    assert list(kept["output"]) == ["role"]


def test_a_left_out_provider_is_neither_required_nor_configured() -> None:
    kept = LISTED.without(document())
    assert list(kept["provider"]) == list(kept["terraform"]["required_providers"]) == ["aws"]
    assert kept["terraform"]["backend"] == {"s3": {}}


def test_a_stack_without_listed_things_is_the_same_byte_for_byte(shipped: Synth, tmp_path: Path) -> None:
    filtered_copy(shipped.directory, tmp_path / "applied")
    for name in ("idp-bootstrap", "idp-foundation-vpc", "idp-foundation-data", "idp-cluster-eks"):
        path = Path("stacks") / name / "cdk.tf.json"
        assert (tmp_path / "applied" / path).read_bytes() == (shipped.directory / path).read_bytes()


def test_every_entry_of_the_list_is_used_and_has_a_reason(shipped: Synth) -> None:
    kinds = {kind for stack in shipped.stacks() for kind, _, _ in stack.resources()}
    listed = Unapplied.listed()
    assert {kind for kind in listed.types} <= kinds
    assert {provider for provider in listed.providers} <= {kind.partition("_")[0] for kind in kinds}
    assert all(len(reason) > 20 for reason in (*listed.providers.values(), *listed.types.values()))
