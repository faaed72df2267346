"""Keys of what a deployment may cost, and the complete model behind them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.tenancy import TenancyKeys
from config.types import Model

# Whole dollars; 0 switches off.
UpToDollars = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]


class CostKeys(TenancyKeys):
    """Who is told of costs, and from when on. None: the environment's template decides."""

    monthly_budget_usd: UpToDollars | None = Field(
        default=None,
        alias="deployment:cost:monthlyBudgetUsd",
        description="Budget in US dollars a month of all that carries tag deployment; told at 80 % and 100 %, and when "
        "it is forecast, to deployment:audit:alarmEmails or else the first administrator. Without it: by "
        "deployment:sizing. 0 is no budget.",
    )
    anomaly_usd: UpToDollars | None = Field(
        default=None,
        alias="deployment:cost:anomalyUsd",
        description="US dollars that an unusual cost must amount to for the same people to be told, once a day. 0 "
        "watches for none.",
    )


class Cost(Model):
    """US dollars: a month's budget, and what an anomaly amounts to at least; 0 is none."""

    monthly_budget_usd: UpToDollars
    anomaly_usd: UpToDollars
