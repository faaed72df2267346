"""Who is told what the deployment costs: a monthly budget, and a watch for costs that are unusual."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.budgets_budget import (
    BudgetsBudget,
    BudgetsBudgetCostFilter,
    BudgetsBudgetNotification,
)
from cdktf_cdktf_provider_aws.ce_anomaly_monitor import CeAnomalyMonitor
from cdktf_cdktf_provider_aws.ce_anomaly_subscription import (
    CeAnomalySubscription,
    CeAnomalySubscriptionSubscriber,
    CeAnomalySubscriptionThresholdExpression,
    CeAnomalySubscriptionThresholdExpressionDimension,
)

from config.deployment import Deployment
from constructs_lib.stack import PlatformStack

NAME = "deployment"
# The tag by which AWS knows what is this deployment's. It counts once it is active as a cost allocation tag (AWS
# Billing User Guide, "Using user-defined cost allocation tags"): docs/COST.md.
TAG = "deployment"
# When people are told: kind of notification, and share of the budget in percent.
NOTICES = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


def recipients(deployment: Deployment) -> tuple[str, ...]:
    """Who gets alarms, else the first administrator, who is always there."""
    return tuple(sorted(set(deployment.audit.alarm_emails))) or (deployment.access.administrators[0].email,)


def cost_notification(kind: str, percent: int, emails: Sequence[str]) -> BudgetsBudgetNotification:
    """Tell ``emails`` when a cost of ``kind`` is above ``percent`` of the budget."""
    return BudgetsBudgetNotification(
        comparison_operator="GREATER_THAN",
        threshold=percent,
        threshold_type="PERCENTAGE",
        notification_type=kind,
        subscriber_email_addresses=list(emails),
    )


def spending(stack: PlatformStack) -> None:
    """Both, as ``deployment.cost`` asks for them. AWS takes nothing for a budget without actions, nor for the watch."""
    if stack.deployment.cost.monthly_budget_usd:
        _budget(stack)
    if stack.deployment.cost.anomaly_usd:
        _anomalies(stack)


def _budget(stack: PlatformStack) -> None:
    deployment = stack.deployment
    stack.add(
        BudgetsBudget,
        NAME,
        name=stack.naming.name("monthly-cost"),
        budget_type="COST",
        limit_amount=str(deployment.cost.monthly_budget_usd),
        limit_unit="USD",
        time_unit="MONTHLY",
        # The form of user-defined tags (AWS Budgets API reference, Budget, CostFilters).
        cost_filter=[BudgetsBudgetCostFilter(name="TagKeyValue", values=[f"user:{TAG}${deployment.id}"])],
        notification=[cost_notification(kind, percent, recipients(deployment)) for kind, percent in NOTICES],
    )


def _anomalies(stack: PlatformStack) -> None:
    """A monitor of this deployment's tag, since an account may have one alone of all services, which AWS makes itself.

    By mail once a day: at once would go through the topic alone, which an account without alarms doesn't have (AWS Cost
    Management API reference, AnomalySubscription, Frequency).
    """
    deployment = stack.deployment
    # With the empty members: AWS answers with them, and the provider compares texts.
    specification = dict.fromkeys(("And", "CostCategories", "Dimensions", "Not", "Or")) | {
        "Tags": {"Key": TAG, "MatchOptions": None, "Values": [deployment.id]}
    }
    monitor = stack.add(
        CeAnomalyMonitor,
        NAME,
        name=stack.naming.name("cost"),
        monitor_type="CUSTOM",
        monitor_specification=json.dumps(specification, sort_keys=True),
    )
    at_least = CeAnomalySubscriptionThresholdExpressionDimension(
        key="ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        match_options=["GREATER_THAN_OR_EQUAL"],
        values=[str(deployment.cost.anomaly_usd)],
    )
    stack.add(
        CeAnomalySubscription,
        NAME,
        name=stack.naming.name("cost"),
        frequency="DAILY",
        monitor_arn_list=[monitor.arn],
        subscriber=[CeAnomalySubscriptionSubscriber(type="EMAIL", address=email) for email in recipients(deployment)],
        threshold_expression=CeAnomalySubscriptionThresholdExpression(dimension=at_least),
    )
