"""Lifecycle policies of repositories, as data sources: reviewers read rules and no escaped JSON string."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.data_aws_ecr_lifecycle_policy_document import (
    DataAwsEcrLifecyclePolicyDocument,
    DataAwsEcrLifecyclePolicyDocumentRule,
    DataAwsEcrLifecyclePolicyDocumentRuleAction,
    DataAwsEcrLifecyclePolicyDocumentRuleSelection,
)

from constructs_lib.registry.table import PREVIEW_TAG
from constructs_lib.stack import PlatformStack

Rule = DataAwsEcrLifecyclePolicyDocumentRule

# Days until an image without a tag goes: what a failed push or a deleted tag left.
UNTAGGED_DAYS = 14
# Images pulled by digest carry no tag in a cache: they are in use, and come back from upstream when they are needed.
CACHED_UNTAGGED_DAYS = 180
# A preview stays for a day, and for another one each time that its label is put on again.
PREVIEW_DAYS = 14
# Versions to go back to. Tags are immutable, so each build is one more.
KEPT_IMAGES = 200


def built(stack: PlatformStack) -> str:
    """Policy of repositories that CI pushes to: untagged and previews' images go, and all but the newest
    ``KEPT_IMAGES``."""
    description = f"of previews after {PREVIEW_DAYS} days"
    previews = _rule(2, description, "tagged", "sinceImagePushed", PREVIEW_DAYS, prefix=PREVIEW_TAG)
    # A rule of any tag comes last (Amazon ECR User Guide, "Lifecycle policy properties").
    newest = _rule(3, f"keep the newest {KEPT_IMAGES}", "any", "imageCountMoreThan", KEPT_IMAGES)
    return _document(stack, "built", [_untagged(UNTAGGED_DAYS), previews, newest])


def mirrored(stack: PlatformStack, name: str = "mirrored") -> str:
    """Policy ``name`` of copies: a tag stays as long as it is there."""
    return _document(stack, name, [_untagged(UNTAGGED_DAYS)])


def cached(stack: PlatformStack) -> str:
    """Policy of pull-through caches."""
    return _document(stack, "cached", [_untagged(CACHED_UNTAGGED_DAYS)])


def _untagged(days: int) -> Rule:
    return _rule(1, f"untagged after {days} days", "untagged", "sinceImagePushed", days)


def _rule(
    priority: int, description: str, tags: str, count_type: str, count: int, *, prefix: str | None = None
) -> Rule:
    return Rule(
        priority=priority,
        description=description,
        selection=[
            DataAwsEcrLifecyclePolicyDocumentRuleSelection(
                tag_status=tags,
                tag_prefix_list=None if prefix is None else [prefix],
                count_type=count_type,
                count_number=count,
                count_unit="days" if count_type == "sinceImagePushed" else None,
            )
        ],
        action=[DataAwsEcrLifecyclePolicyDocumentRuleAction(type="expire")],
    )


def _document(stack: PlatformStack, name: str, rules: Sequence[Rule]) -> str:
    stack.add(DataAwsEcrLifecyclePolicyDocument, name, rule=rules)
    return f"${{data.aws_ecr_lifecycle_policy_document.{name}.json}}"
