"""Subscribers and tags of budgets, which moto's budgets don't give back (AWS Budgets API reference)."""

from __future__ import annotations

import json
from typing import Any


def patch() -> None:
    from moto.budgets.responses import BudgetsResponse

    BudgetsResponse.create_budget = _with_tags(BudgetsResponse.create_budget)
    BudgetsResponse.describe_subscribers_for_notification = _subscribers
    BudgetsResponse.list_tags_for_resource = _list_tags
    BudgetsResponse.tag_resource = _tag
    BudgetsResponse.untag_resource = _untag


def _with_tags(original: Any) -> Any:
    def create_budget(self: Any) -> str:
        answer: str = original(self)
        found = self.backend.budgets[self._get_param("AccountId")][self._get_param("Budget")["BudgetName"]]
        found.tags = {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags") or []}
        return answer

    return create_budget


def _subscribers(self: Any) -> str:
    """DescribeSubscribersForNotification."""
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    wanted = self._get_param("Notification")
    found = [each.subscribers for each in budget.notifications if _same(each.details, wanted)]
    return json.dumps({"Subscribers": found[0] if found else []})


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """What tells notifications of a budget apart."""
    keys = ("NotificationType", "ComparisonOperator", "Threshold")
    return all(one.get(key) == other.get(key) for key in keys)


def _budget(self: Any) -> Any:
    """The budget of ``arn:aws:budgets::<account>:budget/<name>``."""
    arn = self._get_param("ResourceARN")
    return self.backend.budgets[arn.split(":")[4]][arn.rpartition("/")[2]]


def _list_tags(self: Any) -> str:
    tags = _budget(self).tags
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})


def _tag(self: Any) -> str:
    _budget(self).tags |= {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags")}
    return json.dumps({})


def _untag(self: Any) -> str:
    tags = _budget(self).tags
    for key in self._get_param("ResourceTagKeys"):
        tags.pop(key, None)
    return json.dumps({})
