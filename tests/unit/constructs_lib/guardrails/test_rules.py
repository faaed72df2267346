"""Each guardrail is shown to fail on a broken stack, and the shipped stacks pass all of them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from constructs_lib.guardrails.output import readable_addresses
from constructs_lib.guardrails.programs import no_programs
from constructs_lib.guardrails.rule import GuardrailError, check_stacks
from constructs_lib.guardrails.rules import RULES
from tests.synth import Synth

STACK = "idp-foundation-data"


def login(**changes: Any) -> dict[str, Any]:
    """A provider's way to the cluster, with ``changes`` to its program."""
    words = ["eks", "get-token", "--cluster-name", "idp-platform", "--region", "us-west-2", "--output", "json"]
    return {"host": "https://x", "cluster_ca_certificate": "x", "exec": {"command": "aws", "args": words} | changes}


SOUND: dict[str, Any] = {
    "provider": {
        "aws": [{"allowed_account_ids": ["111122223333"], "default_tags": [{"tags": {"layer": "foundation"}}]}]
    },
    "terraform": {
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}},
        "backend": {"s3": {"key": STACK, "encrypt": True, "kms_key_id": "arn:aws:kms:...", "dynamodb_table": "lock"}},
    },
    "data": {
        "aws_iam_policy_document": {"artifacts_bucket": {"statement": [{"sid": "DenyInsecureTransport"}]}},
    },
    "resource": {
        "aws_kms_key": {
            "data": {
                "enable_key_rotation": True,
                "policy": "${data.aws_iam_policy_document.data_key.json}",
                "deletion_window_in_days": 30,
                "lifecycle": {"prevent_destroy": True},
            }
        },
        "aws_cloudwatch_log_group": {"flow": {"retention_in_days": 90, "kms_key_id": "${aws_kms_key.data.arn}"}},
        "aws_security_group": {"database": {"name": "database"}},
        "aws_vpc_security_group_ingress_rule": {"nodes": {"description": "nodes", "cidr_ipv4": "10.0.0.0/8"}},
        "aws_s3_bucket": {"artifacts": {"lifecycle": {"prevent_destroy": True}}},
        "aws_s3_bucket_public_access_block": {
            "artifacts": {
                "bucket": "${aws_s3_bucket.artifacts.id}",
                "block_public_acls": True,
                "block_public_policy": True,
                "ignore_public_acls": True,
                "restrict_public_buckets": True,
            }
        },
        "aws_s3_bucket_server_side_encryption_configuration": {
            "artifacts": {"bucket": "${aws_s3_bucket.artifacts.id}", "rule": [{"sse_algorithm": "aws:kms"}]}
        },
        "aws_s3_bucket_ownership_controls": {"artifacts": {"bucket": "${aws_s3_bucket.artifacts.id}"}},
        "aws_s3_bucket_lifecycle_configuration": {"artifacts": {"bucket": "${aws_s3_bucket.artifacts.id}"}},
        "aws_s3_bucket_versioning": {"artifacts": {"bucket": "${aws_s3_bucket.artifacts.id}"}},
        "aws_s3_bucket_policy": {
            "artifacts": {
                "bucket": "${aws_s3_bucket.artifacts.id}",
                "policy": "${data.aws_iam_policy_document.artifacts_bucket.json}",
            }
        },
    },
}

# (rule, path of what changes, new value or None to remove it)
BROKEN: list[tuple[str, str, Any]] = [
    ("OUT-1", "resource.aws_kms_key.data.description", "${TfToken[TOKEN.12]}"),
    ("OUT-1", "resource.aws_kms_key.data.description", "-1.8881545897087626e+289"),
    ("OUT-1", "resource.aws_kms_key.data.deletion_window_in_days", -1.8881545897087626e289),
    ("OUT-2", "resource.aws_security_group.database_3F2A9C11", {}),
    ("OUT-3", "resource.aws_rds_cluster.main", {"master_password": "hunter2", "lifecycle": {"prevent_destroy": True}}),
    ("OUT-3", "resource.aws_security_group.database.name", "AKIA" + "A" * 16),
    ("OUT-4", "resource.random_password.database", {"length": 32}),
    ("OUT-4", "resource.kubernetes_manifest.pool", {}),
    ("OUT-4", "data.aws_eks_cluster_auth.this", {}),
    ("OUT-5", "resource.aws_security_group.database.region", "us-west-2"),
    ("OUT-5", "resource.aws_cloudwatch_log_group.flow.deletion_protection_enabled", True),
    ("OUT-6", "resource.null_resource.shell", {}),
    ("OUT-6", "data.external.shell", {"program": ["sh"]}),
    ("OUT-6", "data.http.away", {"url": "https://example.com"}),
    ("OUT-6", "resource.aws_kms_key.data.provisioner", [{"local-exec": {"command": "sh"}}]),
    ("OUT-6", "resource.helm_release.x", {"postrender": {"binary_path": "./x"}}),
    ("OUT-6", "module.x", {"source": "./x"}),
    ("OUT-6", "terraform.backend.http", {"address": "https://example.com"}),
    ("OUT-6", "terraform.backend.s3.shared_config_files", ["./config"]),
    ("OUT-6", "provider.aws", [{"allowed_account_ids": ["111122223333"], "profile": "other"}]),
    ("OUT-6", "provider.kubernetes", [login(env={"PYTHONPATH": "./values"})]),
    ("OUT-6", "provider.kubernetes", [login(args=["s3", "cp", "/key", "s3://x", "--content-type", "get-token"])]),
    ("OUT-6", "provider.kubernetes", [login(args=["eks", "get-token", "--cluster-name", "--endpoint-url=x"])]),
    ("OUT-6", "provider.kubernetes", [login(command="./charts/aws")]),
    ("OUT-6", "provider.kubernetes", [login() | {"config_context": "x"}]),
    ("OUT-6", "provider.helm", [{"kubernetes": login(), "plugins_path": "./charts"}]),
    ("OUT-6", "resource.helm_release.x", {"dynamic": {"postrender": {"content": {"binary_path": "./x"}}}}),
    ("OUT-6", "output.x", {"value": '${file("/proc/self/environ")}'}),
    ("OUT-6", "output.x", {"value": '${file("${path.module}/values/../../../key")}'}),
    ("OUT-6", "output.x", {"value": '${file ("/key")}'}),
    ("OUT-6", "output.x", {"value": '${core::filebase64/* */("/key")}'}),
    ("OUT-6", "output.x", {"value": '${templatefile("${path.module}/values/x.yaml", {})}'}),
    ("OUT-6", "locals.x", ['%{ if fileexists("/key") }x%{ endif }']),
    ("OUT-6", "data.terraform_remote_state.me.config.endpoint", "https://example.com"),
    ("OUT-6", "data.terraform_remote_state.me.backend", "http"),
    ("STK-1", "output.cross-stack-output-aws_vpcvpcid", {"value": "${aws_vpc.vpc.id}"}),
    ("STK-2", "data.terraform_remote_state.vpc", {"config": {"key": "gone", "encrypt": True, "kms_key_id": "k"}}),
    ("STK-2", "output.vpc", {"value": "${data.terraform_remote_state.me.outputs.nothing}"}),
    ("STK-3", "provider.kubernetes", [{}]),
    ("STK-3", "provider.aws", [{"default_tags": [{"tags": {"layer": "foundation"}}]}]),
    ("STK-3", "terraform.required_providers.aws.version", ">= 5.100.0"),
    ("STK-3", "terraform.required_providers.aws.source", "aws"),
    ("STK-4", "terraform.backend.s3.kms_key_id", None),
    ("STK-4", "terraform.backend.s3.dynamodb_table", None),
    ("STK-4", "terraform.backend.s3.key", "something-else"),
    ("RES-1", "resource.aws_s3_bucket_policy.artifacts", None),
    ("RES-1", "resource.aws_s3_bucket_ownership_controls.artifacts", None),
    ("RES-1", "resource.aws_s3_bucket_versioning.artifacts", None),
    ("RES-1", "resource.aws_s3_bucket_public_access_block.artifacts.restrict_public_buckets", False),
    ("RES-1", "data.aws_iam_policy_document.artifacts_bucket.statement", [{"sid": "Other"}]),
    (
        "RES-1",
        "resource.aws_s3_bucket_server_side_encryption_configuration.artifacts.rule",
        [{"sse_algorithm": "AES256"}],
    ),
    ("RES-2", "resource.aws_kms_key.data.enable_key_rotation", False),
    ("RES-2", "resource.aws_kms_key.data.policy", None),
    ("RES-2", "resource.aws_kms_key.data.deletion_window_in_days", None),
    ("RES-3", "resource.aws_cloudwatch_log_group.flow.retention_in_days", None),
    ("RES-3", "resource.aws_cloudwatch_log_group.flow.kms_key_id", None),
    ("RES-4", "resource.aws_security_group.database.ingress", [{"from_port": 5432}]),
    ("RES-4", "resource.aws_vpc_security_group_ingress_rule.nodes.description", None),
    ("RES-4", "resource.aws_vpc_security_group_ingress_rule.nodes.cidr_ipv4", "0.0.0.0/0"),
    ("LIF-1", "resource.aws_security_group.database.lifecycle", {"ignore_changes": ["name"]}),
    ("LIF-1", "resource.aws_security_group.database.lifecycle", {"ignore_changes": "all"}),
    ("LIF-2", "resource.aws_kms_key.data.lifecycle", None),
    ("LIF-2", "resource.aws_s3_bucket.artifacts.lifecycle.prevent_destroy", False),
]


def changed(path: str, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(SOUND)
    place = document
    *parents, last = path.split(".")
    for part in parents:
        place = place.setdefault(part, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


def test_a_sound_stack_passes() -> None:
    check_stacks({STACK: SOUND})


@pytest.mark.parametrize(("rule", "path", "value"), BROKEN, ids=[f"{rule} {path}" for rule, path, _ in BROKEN])
def test_a_broken_stack_is_refused_by_its_rule(rule: str, path: str, value: Any) -> None:
    with pytest.raises(GuardrailError) as refused:
        check_stacks({STACK: changed(path, value)})
    assert rule in {violation.rule for violation in refused.value.violations}


def test_a_name_of_hexadecimal_digits_is_no_hash() -> None:
    """As a person's name may be, who then has an entry ``administrator_<name>``."""
    assert list(readable_addresses({STACK: changed("resource.aws_eks_access_entry.administrator_a0b69176", {})})) == []


def test_a_login_as_it_is_made_and_a_file_of_the_stack_are_no_programs() -> None:
    sound = {"provider": {"kubernetes": [login()], "helm": [{"kubernetes": login()}]}}
    text = '${file("${path.module}/values/x.yaml")}, profile of a file'
    assert list(no_programs({STACK: sound | {"output": {"x": {"value": text}}}})) == []


def test_every_rule_has_a_broken_example() -> None:
    assert {rule.id for rule in RULES} == {rule for rule, _, _ in BROKEN}


def test_all_violations_are_reported_at_once() -> None:
    with pytest.raises(GuardrailError) as refused:
        check_stacks({STACK: changed("resource.aws_kms_key.data", {})})
    assert {"RES-2", "LIF-2"} <= {violation.rule for violation in refused.value.violations}


def test_the_shipped_stacks_pass(shipped: Synth) -> None:
    stacks = {stack.name: stack.document for stack in shipped.stacks()}
    assert [found for rule in RULES for found in rule.check(stacks)] == []
