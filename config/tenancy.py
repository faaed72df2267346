"""Keys of what all teams share."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from config.basic import BasicKeys
from config.policies import Action, PolicyException, PolicyName
from config.quotas import RaisedQuotas
from config.teams import Overcommit


class TenancyKeys(BasicKeys):
    """What all teams together may do. None: the environment's template decides."""

    quota_overcommit: Overcommit | None = Field(
        default=None,
        alias="deployment:quotaOvercommit",
        description="How many times what the pools without a taint hold at their limits quotas may promise in sum, "
        "those of the shared namespaces and of previews included. 1 is a guarantee: every namespace can use its whole "
        "quota at once.",
    )
    policies: Mapping[PolicyName, Action] | None = Field(
        default=None,
        alias="deployment:policies",
        description="What Kyverno does with what a policy of policies/ finds, by its name; the others stay as the "
        "environment says.",
    )
    policy_exceptions: tuple[PolicyException, ...] = Field(
        default=(), alias="deployment:policyExceptions", description="Workloads that policies leave out until a day."
    )
    service_quotas: RaisedQuotas | None = Field(
        default=None,
        alias="deployment:serviceQuotas",
        description="Quotas that AWS has raised for the account, by the names of docs/QUOTAS.md: what synth compares "
        "the deployment's needs with, in place of AWS's default.",
    )
