"""Every policy document of every shipped stack: linted by parliament, and within IAM's size limits."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.iam_json import documents, size
from tests.synth import Synth

with warnings.catch_warnings():
    # parliament reads its data through pkg_resources, which setuptools has deprecated.
    warnings.simplefilter("ignore")
    import parliament

# IAM User Guide, "IAM and AWS STS quotas": characters without white space.
MANAGED_POLICY_MAX = 6144
TRUST_POLICY_MAX = 2048
# All inline policies of a role together; no role has two.
INLINE_POLICY_MAX = 10240
POLICY_VARIABLE = re.compile(r"\$\{aws:[^}]*\}")


@dataclass(frozen=True, kw_only=True)
class Excuse:
    """Findings that are right to ignore: by issue, ``stack/document`` and detail, each a regular expression."""

    issue: str
    where: str
    detail: str
    reason: str


EXCEPTIONS = (
    Excuse(
        issue="UNKNOWN_CONDITION_FOR_ACTION",
        where=r".*",
        detail=r"kms:ResourceAliases",
        reason="KMS Developer Guide, kms:ResourceAliases: every operation on a key; parliament's data lacks it",
    ),
    Excuse(
        issue="UNKNOWN_CONDITION_FOR_ACTION",
        where=r".*(logs|audit|egress|sessions)_key",
        detail=r"kms:EncryptionContext:aws:logs:arn for action kms:DescribeKey",
        reason="the statement of CloudWatch Logs User Guide, Encrypt log data, step 2; DescribeKey follows key listing",
    ),
    Excuse(
        issue="MISMATCHED_TYPE",
        where=r".*(logs|audit|egress|sessions)_key",
        detail=r"Arn(Like|Equals) requires a value of type Arn but given String",
        reason="the encryption context of CloudWatch Logs holds an ARN (same source)",
    ),
    Excuse(
        issue="MISMATCHED_TYPE_BUT_USABLE",
        where=r"idp(-pci)?-bootstrap/tfstate_bucket",
        detail=r"StringNotEquals",
        reason="the header may name the key by its alias: a string comparison is meant",
    ),
    Excuse(
        issue="UNKNOWN_FEDERATION_SOURCE",
        where=r"idp(-pci)?-bootstrap/(deployer|planner)_trust",
        detail=r"oidc-provider/token\.actions\.githubusercontent\.com",
        reason="parliament knows SAML and AWS's own providers only",
    ),
    Excuse(
        issue="UNKNOWN_CONDITION_FOR_ACTION",
        where=r"idp(-pci)?-bootstrap/(deployer|planner)_trust",
        detail=r"token\.actions\.githubusercontent\.com:(aud|sub)",
        reason="keys of an OIDC provider carry its name (IAM User Guide, Available keys for OIDC federation)",
    ),
    Excuse(
        issue="RESOURCE_STAR",
        where=r"idp(-pci)?-bootstrap/deployer",
        detail=r"access-analyzer:|acm:|iam:Get|iam:CreateOpenIDConnectProvider",
        reason="makes what has no name yet; its writes to IAM are bound to the deployment's names",
    ),
    Excuse(
        issue="RESOURCE_STAR",
        where=r"idp(-pci)?-foundation-iam/boundary",
        detail=r"acm:|iam:AddRoleToInstanceProfile",
        reason="a boundary grants nothing: a role's own policy names the resources",
    ),
    Excuse(
        issue="RESOURCE_STAR",
        where=r"idp(-pci)?-foundation-iam/(admin|viewer)",
        detail=r"rds:Describe|logs:GetQueryResults|cloudwatch:DescribeAlarms",
        reason="lists: some of these reads know no resource, and the others show names only",
    ),
    Excuse(
        issue="RESOURCE_MISMATCH",
        where=r"idp(-pci)?-foundation-iam/(admin|viewer)",
        detail=r"eks:",
        reason="the wildcard also names actions that aren't on a cluster; those stay without a grant",
    ),
    Excuse(
        issue="RESOURCE_MISMATCH",
        where=r".*",
        detail=r"^\[\{'action': 'ecr:BatchImportUpstreamImage'",
        reason="AWS's own example names repositories (Amazon ECR User Guide, Private registry policy examples)",
    ),
    Excuse(
        issue="RESOURCE_MISMATCH",
        where=r"idp(-pci)?-foundation-iam/karpenter_sa",
        detail=r"ec2:RunInstances",
        reason="a launch is checked against several kinds of resource; the statements have them all together",
    ),
    Excuse(
        issue="RESOURCE_MISMATCH",
        where=r"idp(-pci)?-foundation-iam/karpenter_sa",
        detail=r"ssm:GetParameter",
        reason="public parameters of AWS have no account in their ARN (Systems Manager User Guide, Public parameters)",
    ),
    Excuse(
        issue="RESOURCE_STAR",
        where=r"idp(-pci)?-foundation-iam/load_balancer_sa",
        detail=r"iam:CreateServiceLinkedRole|acm:DescribeCertificate|:CreateTargetGroup|wafv2:AssociateWebACL",
        reason="AWS Load Balancer Controller documentation, IAM policy: narrowed by condition, or discovery",
    ),
    Excuse(
        issue="RESOURCE_MISMATCH",
        where=r"idp(-pci)?-foundation-iam/load_balancer_sa",
        detail=r"ec2:AuthorizeSecurityGroupIngress",
        reason="a rule is a resource of its own beside its group, which another statement names",
    ),
    Excuse(
        issue="UNKNOWN_(CONDITION_FOR_)?ACTION",
        where=r"idp(-pci)?-foundation-iam/load_balancer_sa",
        detail=r"elasticloadbalancing:(CreateAction|ModifyIpPools)",
        reason="Service Authorization Reference, Elastic Load Balancing V2: newer than parliament's data",
    ),
    Excuse(
        issue="RESOURCE_MISMATCH",
        where=r"idp(-pci)?-foundation-vpc/(flow_logs_delivery|access_host_session_log)",
        detail=r"logs:DescribeLogGroups",
        reason="Service Authorization Reference, Amazon CloudWatch Logs: DescribeLogGroups has the resource log-group",
    ),
    Excuse(
        issue="UNKNOWN_CONDITION_FOR_ACTION",
        where=r"idp(-pci)?-bootstrap/deployer_trust",
        detail=r"token\.actions\.githubusercontent\.com:ref ",
        reason="AWS What's New, 2026-01, claims of identity providers in STS: newer than parliament's data",
    ),
)


def findings(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(issue, detail) of parliament's findings on ``document``.

    A resource policy's resource is what it is attached to: parliament asks for one where AWS asks for none, and then
    minds the ``*``. A policy variable in an ARN is replaced by a value, as IAM does it.
    """
    for statement in document["Statement"]:
        if "Principal" in statement and not {"Resource", "NotResource"} & set(statement):
            statement["Resource"] = "*"
    text = POLICY_VARIABLE.sub("value", json.dumps(document))
    attached = all("Principal" in statement for statement in document["Statement"])
    for finding in parliament.analyze_policy_string(text).findings:
        if not (attached and finding.issue == "RESOURCE_STAR"):
            yield finding.issue, str(finding.detail)


def excused(issue: str, where: str, detail: str) -> list[Excuse]:
    return [
        exception
        for exception in EXCEPTIONS
        if re.fullmatch(exception.issue, issue)
        and re.fullmatch(exception.where, where)
        and re.search(exception.detail, detail)
    ]


@pytest.fixture(scope="module")
def found(shipped: Synth) -> list[tuple[str, str, str]]:
    """(issue, stack/document, detail) over all shipped stacks."""
    return [
        (issue, f"{stack.name}/{name}", detail)
        for stack in shipped.stacks()
        for name, document in documents(stack)
        for issue, detail in findings(document)
    ]


@pytest.mark.proves("7.2.2", "7.2.5")
def test_the_linter_finds_nothing_without_a_reason(found: list[tuple[str, str, str]]) -> None:
    left = [f"{where}: {issue}: {detail}" for issue, where, detail in found if not excused(issue, where, detail)]
    assert not left, "\n".join(left)


def test_nor_in_documents_of_teams_that_have_everything_or_little(teams: Synth) -> None:
    checked = {f"{stack.name}/{name}": document for stack in teams.stacks() for name, document in documents(stack)}
    assert {"idp-teams-alpha/developer", "idp-teams-alpha/secret_containers", "idp-teams-beta/viewer_trust"} <= set(
        checked
    )
    left = [
        f"{where}: {issue}: {detail}"
        for where, document in checked.items()
        for issue, detail in findings(document)
        if not excused(issue, where, detail)
    ]
    assert not left, "\n".join(left)


def test_every_exception_is_still_needed(found: list[tuple[str, str, str]]) -> None:
    used = {exception for finding in found for exception in excused(*finding)}
    assert [exception for exception in EXCEPTIONS if exception not in used] == []


@pytest.mark.parametrize(
    ("action", "resource", "issue"),
    [
        ("s3:GetObjekt", "arn:aws:s3:::bucket/*", "UNKNOWN_ACTION"),
        ("s3:GetObject", "arn:aws:s3:::bucket", "RESOURCE_MISMATCH"),
        ("s3:GetObject", "bucket", "INVALID_ARN"),
        ("s3:GetObject", "*", "RESOURCE_STAR"),
    ],
)
def test_the_linter_sees_what_is_wrong(action: str, resource: str, issue: str) -> None:
    statement = {"Sid": "Wrong", "Effect": "Allow", "Action": action, "Resource": resource}
    assert issue in {name for name, _ in findings({"Version": "2012-10-17", "Statement": [statement]})}


def test_documents_are_within_the_limits_of_iam(shipped: Synth) -> None:
    too_long = []
    for stack in shipped.stacks():
        policies = {policy["policy"] for policy in stack.of_type("aws_iam_policy").values()}
        inline = {policy["policy"] for policy in stack.of_type("aws_iam_role_policy").values()}
        trusts = {role["assume_role_policy"] for role in stack.of_type("aws_iam_role").values()}
        for name, document in documents(stack):
            reference = f"${{data.aws_iam_policy_document.{name}.json}}"
            limits = ((policies, MANAGED_POLICY_MAX), (inline, INLINE_POLICY_MAX), (trusts, TRUST_POLICY_MAX))
            limit = next((most for users, most in limits if reference in users), None)
            if limit is not None and size(document) > limit:
                too_long.append(f"{stack.name}/{name}: {size(document)} > {limit}")
    assert not too_long
