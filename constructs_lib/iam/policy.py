"""Policy documents in a stack: as data sources, so that reviewers read statements and no escaped JSON string."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)

from constructs_lib.iam.document import Statement
from constructs_lib.stack import PlatformStack


def policy_document(stack: PlatformStack, name: str, statements: Sequence[Statement]) -> str:
    """Add ``data.aws_iam_policy_document.<name>`` and return the reference to its JSON."""
    stack.add(DataAwsIamPolicyDocument, name, statement=[_statement(statement) for statement in statements])
    return f"${{data.aws_iam_policy_document.{name}.json}}"


def _statement(statement: Statement) -> DataAwsIamPolicyDocumentStatement:
    return DataAwsIamPolicyDocumentStatement(
        sid=statement.sid,
        effect="Deny" if statement.deny else "Allow",
        actions=list(statement.actions),
        resources=[_escaped(resource) for resource in statement.resources] or None,
        not_resources=[_escaped(resource) for resource in statement.not_resources] or None,
        principals=[
            DataAwsIamPolicyDocumentStatementPrincipals(type=kind, identifiers=list(identifiers))
            for kind, identifiers in statement.principals.items()
        ]
        or None,
        condition=[
            DataAwsIamPolicyDocumentStatementCondition(
                test=condition.test,
                variable=condition.variable,
                values=[_escaped(value) for value in condition.values],
            )
            for condition in statement.conditions
        ]
        or None,
    )


def _escaped(value: str) -> str:
    """IAM's policy variables (``${aws:PrincipalTag/team}``) in the notation of the data source, ``&{...}``.

    Source: provider documentation, data source aws_iam_policy_document, "Context Variable Interpolation".
    """
    return value.replace("${aws:", "&{aws:") if "${aws:" in value else value
