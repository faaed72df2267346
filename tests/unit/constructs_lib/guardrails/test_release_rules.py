"""Each guardrail on releases is shown to fail on a broken stack, and the shipped stacks pass all of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib.guardrails.rule import GuardrailError, check_stacks
from constructs_lib.guardrails.rules import FILE_RULES
from constructs_lib.synth import assets
from tests.synth import Synth

STACK = "idp-platform-thing"


def trust(namespace: str, account: str) -> dict[str, Any]:
    conditions = {"kubernetes-namespace": namespace, "kubernetes-service-account": account}
    statement = {
        "principals": [{"type": "Service", "identifiers": ["pods.eks.amazonaws.com"]}],
        "condition": [
            {"variable": f"aws:RequestTag/{variable}", "values": [value]} for variable, value in conditions.items()
        ],
    }
    return {"statement": [statement]}


LOGIN = {
    "host": "https://cluster.example.com",
    "cluster_ca_certificate": "${base64decode(local.certificate_authority)}",
}
WORDS = ["eks", "get-token", "--cluster-name", "idp-platform", "--region", "us-west-2", "--output", "json"]
EXEC = {"api_version": "v1beta1", "command": "aws", "args": WORDS}
VALUES = """
serviceAccount: {create: true, name: thing-sa}
priorityClassName: platform
persistence: {storageClassName: gp3}
auth: {existingSecret: thing-login}
"""
BASE = """
storage: {class: gp3}
namespaces: [{name: thing}]
priorityClasses: [{name: platform}]
secrets: [{name: thing-login, namespace: thing}]
networkPolicies: [{name: a, namespace: thing}]
"""


def release(name: str, namespace: str, **arguments: Any) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": namespace,
        "version": "1.2.3",
        "repository": "https://charts.example.com",
        "chart": name,
        "values": [f'${{file("${{path.module}}/values/{name}.yaml")}}'],
        "atomic": True,
        "cleanup_on_fail": True,
        "wait": True,
        "timeout": 600,
    } | arguments


def sound() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, str]]]:
    association = {
        "namespace": "thing",
        "service_account": "thing-sa",
        "cluster_name": "c",
        "role_arn": "${aws_iam_role.thing.arn}",
    }
    csi = {"service_account": "ebs-csi-controller-sa", "role_arn": "${aws_iam_role.csi.arn}"}
    document: dict[str, Any] = {
        "provider": {
            "aws": [
                {
                    "allowed_account_ids": ["111122223333"],
                    "default_tags": [{"tags": {"layer": "platform", "deployment": "idp"}}],
                }
            ],
            "helm": [{"kubernetes": LOGIN | {"exec": EXEC}}],
            "kubernetes": [LOGIN | {"exec": [EXEC]}],
        },
        "terraform": {
            "backend": {"s3": {"key": STACK, "encrypt": True, "kms_key_id": "k", "dynamodb_table": "lock"}},
        },
        "data": {
            "aws_iam_policy_document": {
                "thing": trust("thing", "thing-sa"),
                "csi": trust("kube-system", "ebs-csi-controller-sa"),
            }
        },
        "resource": {
            "aws_iam_role": {
                name: {"name": name, "assume_role_policy": f"${{data.aws_iam_policy_document.{name}.json}}"}
                for name in ("thing", "csi")
            },
            "helm_release": {
                "base": release("base", "kube-system", chart="./charts/base", repository=None, version="1.0.0+0a1b"),
                "thing": release("thing", "thing", depends_on=["aws_eks_pod_identity_association.thing"]),
            },
            "aws_eks_pod_identity_association": {
                "thing": association,
                "csi": association | {"namespace": "kube-system"} | csi,
            },
            "aws_eks_addon": {
                "csi": {
                    "addon_name": "aws-ebs-csi-driver",
                    "depends_on": ["aws_eks_pod_identity_association.csi"],
                }
            },
        },
    }
    files = {"values/thing.yaml": VALUES, "values/base.yaml": BASE, "charts/base/Chart.yaml": "name: base\n"}
    return {STACK: document}, {STACK: files}


Change = Callable[[dict[str, Any], dict[str, str]], None]


def at(path: str, value: Any) -> Change:
    """Set what lies at ``path`` of the document; None removes it."""

    def change(document: dict[str, Any], files: dict[str, str]) -> None:
        del files
        *parents, last = path.split(".")
        place: Any = document
        for part in parents:
            place = place[int(part)] if part.isdigit() else place[part]
        if value is None:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value

    return change


def text(path: str, old: str, new: str) -> Change:
    def change(document: dict[str, Any], files: dict[str, str]) -> None:
        del document
        assert old in files[path]
        files[path] = files[path].replace(old, new)

    return change


def without(path: str) -> Change:
    def change(document: dict[str, Any], files: dict[str, str]) -> None:
        del document, files[path]

    return change


def many(document: dict[str, Any], files: dict[str, str]) -> None:
    for number in range(7):
        document["resource"]["helm_release"][f"more_{number}"] = release("more", "thing")
    files["values/more.yaml"] = ""


def nested(document: dict[str, Any], files: dict[str, str]) -> None:
    text("values/thing.yaml", "{create: true, name: thing-sa}", "{server: {name: thing-sa}}")(document, files)
    at("resource.aws_eks_pod_identity_association.thing", None)(document, files)


THING = "resource.helm_release.thing"
BROKEN: list[tuple[str, str, Change]] = [
    ("REL-1", "not atomic", at(f"{THING}.atomic", False)),
    ("REL-1", "leaves what failed", at(f"{THING}.cleanup_on_fail", None)),
    ("REL-1", "does not wait", at(f"{THING}.wait", False)),
    ("REL-1", "no time limit", at(f"{THING}.timeout", None)),
    ("REL-1", "no version", at(f"{THING}.version", None)),
    ("REL-1", "a range of versions", at(f"{THING}.version", "^1.2")),
    ("REL-1", "the latest version", at(f"{THING}.version", "latest")),
    ("REL-1", "no repository", at(f"{THING}.repository", None)),
    ("REL-1", "no namespace", at(f"{THING}.namespace", None)),
    ("REL-1", "no values file", without("values/thing.yaml")),
    ("REL-1", "values in the JSON only", at(f"{THING}.values", ["${yamlencode({})}"])),
    ("REL-1", "a local chart that is not there", without("charts/base/Chart.yaml")),
    ("REL-2", "nine releases", many),
    ("REL-3", "a token", at("provider.helm.0.kubernetes", LOGIN | {"token": "${data.aws_eks_cluster_auth.x.token}"})),
    ("REL-3", "a token beside exec", at("provider.kubernetes.0.token", "${var.token}")),
    ("REL-3", "a file of the machine", at("provider.kubernetes.0", {"config_path": "~/.kube/config"})),
    ("REL-3", "no certificate", at("provider.helm.0.kubernetes.cluster_ca_certificate", None)),
    ("REL-3", "another program", at("provider.kubernetes.0.exec.0.command", "sh")),
    ("REL-4", "no association", at("resource.aws_eks_pod_identity_association.thing", None)),
    ("REL-4", "no association of the account of a part", nested),
    ("REL-4", "association in another namespace", at("resource.aws_eks_pod_identity_association.thing.namespace", "x")),
    ("REL-4", "release beside its association", at(f"{THING}.depends_on", None)),
    ("REL-4", "add-on beside its association", at("resource.aws_eks_addon.csi.depends_on", None)),
    ("REL-5", "unknown namespace", text("values/base.yaml", "namespaces: [{name: thing}]", "namespaces: []")),
    ("REL-5", "unknown priority class", text("values/thing.yaml", "platform", "important")),
    ("REL-5", "unknown storage class", text("values/thing.yaml", "gp3", "fast")),
    ("REL-5", "unknown secret", text("values/thing.yaml", "thing-login", "other-login")),
    ("REL-5", "secret of another namespace", text("values/base.yaml", "thing-login, namespace: thing", "thing-login")),
    ("REL-5", "unknown service account", text("values/thing.yaml", "auth:", "job: {serviceAccountName: x}\nauth:")),
    ("REL-5", "policy in an unknown namespace", text("values/base.yaml", "a, namespace: thing", "a, namespace: gone")),
    (
        "REL-5",
        "association in an unknown namespace",
        at("resource.aws_eks_pod_identity_association.csi.namespace", "gone"),
    ),
]


def broken_rules(change: Change) -> set[str]:
    stacks, files = copy.deepcopy(sound())
    change(stacks[STACK], files[STACK])
    try:
        check_stacks(stacks, files)
    except GuardrailError as refused:
        return {violation.rule for violation in refused.violations}
    return set()


def test_a_sound_stack_passes() -> None:
    check_stacks(*sound())


@pytest.mark.parametrize(("rule", "what", "change"), BROKEN, ids=[f"{rule} {what}" for rule, what, _ in BROKEN])
def test_a_broken_stack_is_refused_by_its_rule(rule: str, what: str, change: Change) -> None:
    assert rule in broken_rules(change), what


def test_every_rule_has_a_broken_example() -> None:
    assert {rule.id for rule in FILE_RULES if rule.id.startswith("REL-")} == {rule for rule, _, _ in BROKEN}


def test_a_dependency_through_another_resource_counts() -> None:
    def through(document: dict[str, Any], files: dict[str, str]) -> None:
        del files
        document["resource"]["helm_release"]["thing"]["depends_on"] = ["helm_release.base"]
        document["resource"]["helm_release"]["base"]["depends_on"] = ["aws_eks_pod_identity_association.thing"]

    assert broken_rules(through) == set()


def test_another_deployments_objects_do_not_count() -> None:
    stacks, files = sound()
    other = copy.deepcopy(stacks[STACK])
    other["provider"]["aws"][0]["allowed_account_ids"] = ["444455556666"]
    other["provider"]["aws"][0]["default_tags"] = [{"tags": {"layer": "platform", "deployment": "idp-pci"}}]
    other["terraform"]["backend"]["s3"]["key"] = "idp-pci-platform-thing"
    del other["resource"]["helm_release"]["base"]
    with pytest.raises(GuardrailError) as refused:
        check_stacks(
            stacks | {"idp-pci-platform-thing": other},
            files | {"idp-pci-platform-thing": {"values/thing.yaml": VALUES}},
        )
    assert {violation.stack for violation in refused.value.violations} == {"idp-pci-platform-thing"}


def test_the_shipped_stacks_pass(shipped: Synth) -> None:
    directory = shipped.directory
    files = {
        str(path.relative_to(directory)): path.read_text(encoding="utf-8")
        for path in directory.rglob("*")
        if path.is_file()
    }
    check_stacks({stack.name: stack.document for stack in shipped.stacks()}, assets(files))
