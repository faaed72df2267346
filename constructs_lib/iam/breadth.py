"""Why a policy allows actions on any resource: said for its document, and again for the policy made of it."""

from __future__ import annotations

from collections.abc import Sequence

from constructs_lib.stack import PlatformStack

# What checkov asks of a document, and by another id of a policy: the second reads what the first has become in a plan.
_SAME_QUESTION = {
    "CKV_AWS_107": "CKV_AWS_287",
    "CKV_AWS_108": "CKV_AWS_288",
    "CKV_AWS_109": "CKV_AWS_289",
    "CKV_AWS_111": "CKV_AWS_290",
    "CKV_AWS_356": "CKV_AWS_355",
}


def waive_breadth(stack: PlatformStack, name: str, reason: str, checks: Sequence[str] = tuple(_SAME_QUESTION)) -> None:
    """Waive ``checks`` of ``data.aws_iam_policy_document.<name>`` and what they are for ``aws_iam_policy.<name>``."""
    stack.waive(f"data.aws_iam_policy_document.{name}", **dict.fromkeys(checks, reason))
    stack.waive(f"aws_iam_policy.{name}", **{_SAME_QUESTION[check]: reason for check in checks})
