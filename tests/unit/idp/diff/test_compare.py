"""What changed between two synths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from idp.diff.compare import compare
from idp.diff.model import Diff, summary
from idp.errors import OperationError
from idp.output import Stack, read_output
from tests.synth import Synth
from tests.unit.idp.diff.output import STACK, by_address, found, resources
from tests.unit.idp.review.output import write_stack

KEY = {"description": "data", "key_usage": "ENCRYPT_DECRYPT", "lifecycle": {"prevent_destroy": True}}


def test_added_changed_replaced_and_destroyed(tmp_path: Path) -> None:
    before = resources(
        aws_s3_bucket={"kept": {"bucket": "kept"}, "gone": {"bucket": "gone"}, "named": {"bucket": "a", "tags": {}}},
        aws_sqs_queue={"jobs": {"delay_seconds": 0}},
    )
    after = resources(
        aws_s3_bucket={"kept": {"bucket": "kept"}, "new": {"bucket": "new"}, "named": {"bucket": "b", "tags": {}}},
        aws_sqs_queue={"jobs": {"delay_seconds": 5}},
    )
    entries = by_address(found(tmp_path, before, after))
    assert {address: entry.what for address, entry in entries.items()} == {
        "aws_s3_bucket.gone": "destroyed",
        "aws_s3_bucket.new": "added",
        "aws_s3_bucket.named": "replaced",
        "aws_sqs_queue.jobs": "changed",
    }
    (argument,) = entries["aws_s3_bucket.named"].arguments
    assert (argument.path, argument.before, argument.after, argument.forces) == ("bucket", '"a"', '"b"', True)
    (argument,) = entries["aws_sqs_queue.jobs"].arguments
    assert (argument.path, argument.before, argument.after, argument.forces) == ("delay_seconds", "0", "5", False)


def test_an_argument_within_blocks_is_named_with_its_place(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"provider": {"key_arn": "a"}, "resources": ["secrets"]}]
    cluster = {"name": "idp", "encryption_config": rows, "vpc_config": [{"subnet_ids": ["a", "b"]}]}
    other = {**cluster, "vpc_config": [{"subnet_ids": ["a", "c"], "endpoint_public_access": False}]}
    before, after = (resources(aws_eks_cluster={"c": each}) for each in (cluster, other))
    entry = by_address(found(tmp_path, before, after))["aws_eks_cluster.c"]
    assert [(each.path, each.before, each.after) for each in entry.arguments] == [
        ("vpc_config[0].endpoint_public_access", "", "false"),
        ("vpc_config[0].subnet_ids", '["a", "b"]', '["a", "c"]'),
    ]
    assert entry.what == "changed"


def test_encryption_of_a_cluster_can_be_added_and_not_taken_away(tmp_path: Path) -> None:
    rows = [{"provider": {"key_arn": "a"}, "resources": ["secrets"]}]
    plain, encrypted = resources(aws_eks_cluster={"c": {"name": "idp"}}), {"name": "idp", "encryption_config": rows}
    with_keys = resources(aws_eks_cluster={"c": encrypted})
    assert by_address(found(tmp_path / "a", plain, with_keys))["aws_eks_cluster.c"].what == "changed"
    assert by_address(found(tmp_path / "b", with_keys, plain))["aws_eks_cluster.c"].what == "replaced"


def test_a_type_that_no_table_knows_may_be_replaced(tmp_path: Path) -> None:
    before, after = (resources(aws_unheard_of={"x": {"name": name}}) for name in ("a", "b"))
    entry = by_address(found(tmp_path, before, after))["aws_unheard_of.x"]
    assert (entry.what, entry.notes) == (
        "changed",
        ("may be replaced: no table says which arguments replace aws_unheard_of",),
    )


def test_a_comment_alone_is_no_change_of_the_resource(tmp_path: Path) -> None:
    before = resources(aws_kms_key={"data": KEY})
    after = resources(aws_kms_key={"data": {**KEY, "//": {"controls": ["3.5.1"]}}})
    assert by_address(found(tmp_path, before, after))["aws_kms_key.data"].what == "comment"


def test_lost_protection_is_told(tmp_path: Path) -> None:
    database = {"cluster_identifier": "idp", "deletion_protection": True}
    before = resources(aws_kms_key={"data": KEY, "same": KEY}, aws_rds_cluster={"database": database})
    bare = {name: value for name, value in KEY.items() if name != "lifecycle"}
    after = resources(
        aws_kms_key={"data": bare, "same": {**KEY, "description": "other"}},
        aws_rds_cluster={"database": {**database, "deletion_protection": False}},
    )
    entries = by_address(found(tmp_path, before, after))
    assert {address: entry.loses_protection for address, entry in entries.items()} == {
        "aws_kms_key.data": True,
        "aws_kms_key.same": False,
        "aws_rds_cluster.database": True,
    }
    assert all(entry.is_guarded for entry in entries.values())


def test_a_moved_block_makes_a_move_of_what_was_destroyed_and_added(tmp_path: Path) -> None:
    before = resources(aws_kms_key={"old": KEY, "other": KEY, "kept": KEY})
    after = resources(aws_kms_key={"new": KEY, "another": {**KEY, "description": "x"}, "kept": KEY, "beside_kept": KEY})
    moved = [
        {"from": "aws_kms_key.old", "to": "aws_kms_key.new"},
        {"from": "aws_kms_key.other", "to": "aws_kms_key.another"},
        {"from": "aws_kms_key.never", "to": "aws_kms_key.new_too"},
        {"from": "aws_kms_key.kept", "to": "aws_kms_key.beside_kept"},
    ]
    entries = by_address(_with(tmp_path, before, after, moved=moved))
    kinds = {address: (entry.what, entry.former) for address, entry in entries.items() if entry.section == "resource"}
    assert kinds == {
        "aws_kms_key.new": ("moved", "aws_kms_key.old"),
        "aws_kms_key.another": ("changed", "aws_kms_key.other"),
        "aws_kms_key.beside_kept": ("added", ""),
    }


def test_an_import_is_told_beside_what_is_added(tmp_path: Path) -> None:
    after = resources(aws_kms_key={"data": KEY})
    diff = _with(tmp_path, {}, after, **{"import": [{"to": "aws_kms_key.data", "id": "key-1"}]})
    assert by_address(diff)["aws_kms_key.data"].notes == ("taken over, not made: import of key-1",)


def test_stacks_and_deployments_that_come_and_go(tmp_path: Path) -> None:
    bucket = resources(aws_s3_bucket={"a": {"bucket": "a"}})
    write_stack(tmp_path / "before", "idp-old", bucket)
    write_stack(tmp_path / "before", "idp-same", bucket)
    write_stack(tmp_path / "after", "idp-same", bucket)
    write_stack(tmp_path / "after", "other-new", bucket, deployment="other")
    diff = compare(read_output(tmp_path / "before"), read_output(tmp_path / "after"))
    idp, other = diff.deployments
    assert [(stack.name, stack.state) for stack in idp.stacks] == [("idp-old", "removed")]
    assert (other.id, other.state, other.stacks[0].state) == ("other", "added", "added")
    assert summary(other.stacks[0]).startswith("added stack: 1 added")


def test_files_beside_the_json_are_named_and_change_their_release(tmp_path: Path) -> None:
    release = {"name": "a", "values": ['${file("${path.module}/values/a.yaml")}']}
    sections = resources(helm_release={"a": release, "b": {"name": "b"}})
    old, new = {"values/a.yaml": "a: 1\n", "charts/c/x.yaml": ""}, {"values/a.yaml": "a: 2\n", "charts/d/x.yaml": ""}
    entries = by_address(found(tmp_path, sections, sections, old=old, new=new))
    assert {address: (entry.section, entry.what) for address, entry in entries.items()} == {
        "helm_release.a": ("resource", "changed"),
        "values/a.yaml": ("file", "changed"),
        "charts/c/x.yaml": ("file", "removed"),
        "charts/d/x.yaml": ("file", "added"),
    }
    assert entries["helm_release.a"].notes == ("reads what changed: values/a.yaml",)


def test_a_policy_changes_by_the_documents_that_it_is_made_of(tmp_path: Path) -> None:
    policy = resources(aws_iam_policy={"p": {"name": "p", "policy": _json("whole")}})

    def sections(action: str) -> dict[str, Any]:
        parts = {"part": {"statement": [{"actions": [action]}]}, "whole": {"source_policy_documents": [_json("part")]}}
        return {**policy, "data": {"aws_iam_policy_document": parts}}

    entries = by_address(found(tmp_path, sections("s3:GetObject"), sections("s3:*")))
    assert {address: entry.what for address, entry in entries.items()} == {
        "data.aws_iam_policy_document.part": "changed",
        "aws_iam_policy.p": "changed",
    }


def test_what_names_a_replaced_resource_in_a_replacing_argument_may_be_replaced_across_stacks(tmp_path: Path) -> None:
    for place, cidr in (("before", "10.0.0.0/16"), ("after", "10.1.0.0/16")):
        vpc = {"vpc": {"cidr_block": cidr}}
        tags = {"x": {"delay_seconds": 0, "tags": {"vpc": "${aws_vpc.vpc.id}"}}}
        output = {"output": {"vpc_id": {"value": "${aws_vpc.vpc.id}"}}}
        write_stack(tmp_path / place, "idp-vpc", {**resources(aws_vpc=vpc, aws_sqs_queue=tags), **output})
        group = {"g": {"vpc_id": "${data.terraform_remote_state.idp_vpc.outputs.vpc_id}", "name": "g"}}
        rule = {"r": {"security_group_id": "${aws_security_group.g.id}", "from_port": 1}}
        below = resources(aws_security_group=group, aws_vpc_security_group_egress_rule=rule)
        write_stack(tmp_path / place, "idp-eks", below, reads=["idp-vpc"])
    entries = by_address(compare(read_output(tmp_path / "before"), read_output(tmp_path / "after")))
    assert {address: entry.what for address, entry in entries.items()} == {
        "aws_vpc.vpc": "replaced",
        "aws_security_group.g": "may be replaced",
        "aws_vpc_security_group_egress_rule.r": "may be replaced",
    }
    assert entries["aws_security_group.g"].notes == ("an argument that replaces it reads idp-vpc/output.vpc_id",)


def test_the_shipped_output_is_the_same_as_itself(shipped: Synth) -> None:
    output = read_output(shipped.directory)
    assert compare(output, output).is_empty


def test_a_directory_without_output_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="holds no synthesized output"):
        read_output(tmp_path)


_VALUES = st.sampled_from(["a", 1, None, True, [], ["x"], {"k": "v"}, [{"k": 1}, {"l": 2}], {}, "${aws_vpc.a.id}"])
_LIFECYCLES = st.sampled_from([{"prevent_destroy": True}, {"prevent_destroy": False}])
_COMMENTS = st.sampled_from([{"controls": ["3.5.1"]}, {"controls": ["3.6.1"]}])
_ARGUMENTS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(["name", "bucket", "tags"], _VALUES), "lifecycle": _LIFECYCLES, "//": _COMMENTS}
)
_SECTIONS = st.dictionaries(
    st.sampled_from(["aws_s3_bucket", "aws_vpc", "aws_sqs_queue", "unknown_type"]),
    st.dictionaries(st.sampled_from(["a", "b"]), _ARGUMENTS, max_size=2),
    max_size=3,
)
_OUTPUTS = st.dictionaries(st.sampled_from(["idp-bootstrap", "idp-a", "pci-a"]), _SECTIONS, max_size=3)
_MIRRORED = {"added": {"destroyed", "removed"}, "destroyed": {"added"}, "removed": {"added"}}


@given(one=_OUTPUTS, other=_OUTPUTS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_same_twice_is_no_difference_and_the_reverse_swaps_added_and_destroyed(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, Any], other: dict[str, Any]
) -> None:
    place = tmp_path_factory.mktemp("outputs")
    first, second = _written(place / "one", one), _written(place / "other", other)
    assert compare(first, first).is_empty
    there, back = (
        {entry.id: entry for entry in compare(*pair).entries()} for pair in ((first, second), (second, first))
    )
    assert {id for id, each in there.items() if each.arguments} == {id for id, each in back.items() if each.arguments}
    for here, reverse in ((there, back), (back, there)):
        for id, entry in here.items():
            if entry.what in _MIRRORED:
                assert reverse[id].what in _MIRRORED[entry.what]
    assert there or _same(one, other)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both have the same resources: a stack without any tells nothing but its provider."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _written(place: Path, stacks: dict[str, Any]) -> list[Stack]:
    for name, sections in stacks.items():
        write_stack(place, name, {"resource": sections}, deployment=name.split("-")[0])
    return read_output(place) if stacks else []


def _json(name: str) -> str:
    return f"${{data.aws_iam_policy_document.{name}.json}}"


def _with(place: Path, before: dict[str, Any], after: dict[str, Any], **blocks: Any) -> Diff:
    """The difference where the later stack has blocks that are lists, such as ``moved``."""
    write_stack(place / "before", STACK, before)
    write_stack(place / "after", STACK, after)
    old, (new,) = read_output(place / "before"), read_output(place / "after")
    document = {**new.document, **blocks}
    return compare(old, [Stack(**{**vars(new), "document": document})])
