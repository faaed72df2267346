"""Node pools that Karpenter fills: what a deployment file may say of one, and what a complete one holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from config.capacity import recommended_pods
from config.errors import printable
from config.types import Allowed, CpuQuantity, DnsLabel, Flag, InstanceType, MemoryQuantity, Model

CapacityType = Literal["spot", "on-demand"]
Arch = Literal["amd64", "arm64"]
Consolidation = Literal["WhenEmpty", "WhenEmptyOrUnderutilized"]
Effect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
# Karpenter documentation, "NodePools"; patterns as in the definitions of version 1.14.
Period = Annotated[
    str,
    StringConstraints(pattern=r"^([1-9][0-9]{0,5}[smh])+$", max_length=20),
    Allowed("a time such as 10m or 720h"),
]
PeriodOrNever = Annotated[
    str,
    StringConstraints(pattern=r"^(([1-9][0-9]{0,5}[smh])+|Never)$", max_length=20),
    Allowed("a time such as 10m or 720h, or Never"),
]
NodeShare = Annotated[
    str,
    StringConstraints(pattern=r"^((100|[0-9]{1,2})%|[0-9]{1,4})$"),
    Allowed('a number or share, such as "1" or "10%"'),
]
CronSchedule = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9*/,-]{1,40}( [0-9A-Za-z*/,-]{1,40}){4}$"),
    Allowed('five fields of cron in UTC, such as "0 9 * * mon-fri"'),
]
# Kubernetes documentation, "Labels and Selectors", "Syntax and character set".
_LABEL_KEY = re.compile(r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$")
_LABEL_VALUE = re.compile(r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$")
LabelKey = Annotated[str, StringConstraints(pattern=_LABEL_KEY.pattern), Allowed("a label key, such as team/purpose")]
LabelValue = Annotated[
    str, StringConstraints(pattern=_LABEL_VALUE.pattern), Allowed("up to 63 letters, digits, dots, dashes, underscores")
]


def _labels(labels: dict[str, str]) -> dict[str, str]:
    for key, value in labels.items():
        if not (_LABEL_KEY.fullmatch(key) and _LABEL_VALUE.fullmatch(value)):
            raise ValueError(f"{printable(key)}: {printable(value)} is no Kubernetes label")
    return labels


Labels = Annotated[
    dict[str, str], AfterValidator(_labels), Allowed('an object of Kubernetes labels, such as {"team/purpose": "ml"}')
]


class Taint(Model):
    key: LabelKey = Field(description="Key of the taint.")
    value: LabelValue = Field(default="", description="Value of the taint.")
    effect: Effect = Field(description="What happens to pods that don't tolerate it.")


class Budget(Model):
    """How many nodes Karpenter may disrupt at once; the smallest of the active budgets counts."""

    nodes: NodeShare = Field(description="Number or share of the pool's nodes.")
    schedule: CronSchedule | None = Field(default=None, description="When the budget starts to count; with duration.")
    duration: Period | None = Field(default=None, description="How long it counts; with schedule.")


class Limits(Model):
    nodes: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        default=None, description="Number of nodes."
    )
    cpu: CpuQuantity | None = Field(default=None, description="Sum of cores of all nodes.")
    memory: MemoryQuantity | None = Field(default=None, description="Sum of memory of all nodes.")


class PoolChange(Model):
    """A pool in the deployment file: a new one, or changes to one of the environment's by its name."""

    name: DnsLabel = Field(description="Name of the pool.")
    instance_types: tuple[InstanceType, ...] | None = Field(
        default=None, alias="instanceTypes", min_length=1, description="Instance types to choose from."
    )
    capacity_types: tuple[CapacityType, ...] | None = Field(
        default=None, alias="capacityTypes", min_length=1, description="spot, on-demand, or both; spot is tried first."
    )
    arch: Arch | None = Field(default=None, description="Processor architecture of the pool.")
    limits: Limits | None = Field(default=None, description="What the pool may grow to.")
    max_pods: Annotated[int, Field(strict=True, ge=8, le=250)] | None = Field(
        default=None, alias="maxPods", description="Pods on a node. Without it: 29, 58 or 110 by the smallest type."
    )
    disk_gib: Annotated[int, Field(strict=True, ge=20, le=16384)] | None = Field(
        default=None, alias="diskGib", description="Data volume of a node, in GiB."
    )
    labels: Labels | None = Field(default=None, description="Labels of the nodes.")
    taints: tuple[Taint, ...] | None = Field(default=None, description="Taints of the nodes.")
    user_namespaces: Flag | None = Field(
        default=None,
        alias="userNamespaces",
        description="Whether processes may make user namespaces, as builders without root do.",
    )
    consolidation: Consolidation | None = Field(default=None, description="Which nodes Karpenter may remove.")
    consolidate_after: PeriodOrNever | None = Field(
        default=None, alias="consolidateAfter", description="How long a node must be so."
    )
    expire_after: PeriodOrNever | None = Field(
        default=None, alias="expireAfter", description="Age at which a node is replaced."
    )
    termination_grace_period: Period | None = Field(
        default=None, alias="terminationGracePeriod", description="How long a drain may take before pods are killed."
    )
    budgets: tuple[Budget, ...] | None = Field(default=None, description="Disruption budgets.")
    weight: Annotated[int, Field(strict=True, ge=1, le=100)] | None = Field(
        default=None, description="Pools of a higher weight are tried first."
    )


class PoolLimits(Model):
    nodes: int
    cpu: CpuQuantity | None
    memory: MemoryQuantity | None


class Pool(Model):
    """A pool, complete."""

    name: DnsLabel
    instance_types: tuple[InstanceType, ...] = Field(min_length=1)
    capacity_types: tuple[CapacityType, ...] = Field(min_length=1)
    arch: Arch
    limits: PoolLimits
    max_pods: int
    disk_gib: int
    labels: Labels
    taints: tuple[Taint, ...]
    user_namespaces: bool
    consolidation: Consolidation
    consolidate_after: PeriodOrNever
    expire_after: PeriodOrNever
    termination_grace_period: Period
    budgets: tuple[Budget, ...]
    weight: int


class Karpenter(Model):
    """The pools, and which of them the deployment file names, in its order.

    An environment gives ``defaults`` of every pool, its own ``pools`` and the file's ``changes``; the three become one
    list. A key that a change leaves out keeps what the environment says.
    """

    pools: tuple[Pool, ...]
    declared: tuple[DnsLabel, ...]

    @model_validator(mode="before")
    @classmethod
    def _merge(cls, given: Any) -> Any:
        if not isinstance(given, Mapping) or "changes" not in given:
            return given
        own = {pool["name"]: dict(pool) for pool in given["pools"]}
        for change in given["changes"]:
            _apply(own.setdefault(change["name"], {}), change)
        return {
            "pools": [_complete(given["defaults"], pool) for pool in own.values()],
            "declared": [change["name"] for change in given["changes"]],
        }


def _apply(pool: dict[str, Any], change: Mapping[str, Any]) -> None:
    for key, value in change.items():
        if key == "limits" and value is not None:
            pool["limits"] = dict(pool.get("limits", {})) | {k: v for k, v in value.items() if v is not None}
        elif value is not None:
            pool[key] = value


def _complete(defaults: Mapping[str, Any], pool: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(defaults) | dict(pool)
    whole["limits"] = {"cpu": None, "memory": None} | dict(defaults["limits"]) | dict(pool.get("limits", {}))
    whole.setdefault("max_pods", recommended_pods(whole["instance_types"]))
    return whole
