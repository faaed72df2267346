"""Rules of node pools and of what the cluster runs on."""

from __future__ import annotations

from collections.abc import Iterator

from config.capacity import INSTANCE_TYPES, InstanceType, available_prefixes, prefixes
from config.deployment import Deployment
from config.pools import Pool
from config.rules.finding import Finding, twice
from config.versions import ADDONS, EXTRA_ADDONS

POOLS = "deployment:karpenter:pools"
SYSTEM_TYPES = "deployment:eks:systemInstanceTypes"
# The private subnet of each zone (constructs_lib.network.plan, which config can't see).
PRIVATE_PREFIX = 19
# What Karpenter and the platform set themselves: Karpenter documentation, "NodePools" (well-known labels).
RESERVED_DOMAINS = ("karpenter.sh", "karpenter.k8s.aws", "kubernetes.io", "k8s.io", "platform")
_UNITS = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024, "Ti": 1024 * 1024}


def _key(deployment: Deployment, pool: Pool, part: str = "") -> str:
    """Where the file speaks of ``pool``; the whole list where it doesn't."""
    declared = deployment.karpenter.declared
    if pool.name not in declared:
        return POOLS
    return f"{POOLS}[{declared.index(pool.name)}]{part}"


def _kinds(pool: Pool) -> list[InstanceType]:
    return [INSTANCE_TYPES[name] for name in pool.instance_types if name in INSTANCE_TYPES]


def names(deployment: Deployment) -> Iterator[Finding]:
    """Pools have names of their own; the managed node group's is taken."""
    yield from twice(POOLS, deployment.karpenter.declared, "a pool")
    for pool in deployment.karpenter.pools:
        if pool.name == "system":
            message = "must not be system: that is the managed node group"
            key = _key(deployment, pool, ".name")
            yield Finding(key=key, value=pool.name, message=message, remedy="choose another name")


def instance_types(deployment: Deployment) -> Iterator[Finding]:
    """Instance types are known, and of their pool's architecture."""
    for pool in deployment.karpenter.pools:
        for index, name in enumerate(pool.instance_types):
            kind = INSTANCE_TYPES.get(name)
            key = _key(deployment, pool, f".instanceTypes[{index}]")
            if kind is None:
                yield _unknown(key, name)
            elif kind.arch != pool.arch:
                yield Finding(
                    key=key,
                    value=name,
                    message=f"must have architecture {pool.arch}, that of pool {pool.name}, and has {kind.arch}",
                    remedy=f"choose another type, or set the pool's arch to {kind.arch}",
                )
    for index, name in enumerate(deployment.eks.system_nodes.instance_types):
        kind = INSTANCE_TYPES.get(name)
        key = f"{SYSTEM_TYPES}[{index}]"
        if kind is None:
            yield _unknown(key, name)
        elif kind.arch != "amd64":
            message = f"must have architecture amd64, that of the system nodes' image, and has {kind.arch}"
            yield Finding(key=key, value=name, message=message, remedy="choose a type such as t3a.medium")


def _unknown(key: str, name: str) -> Finding:
    families = sorted({known.split(".")[0] for known in INSTANCE_TYPES})
    return Finding(
        key=key,
        value=name,
        message=f"is not among the types whose capacity is known, of the families {', '.join(families)}",
        remedy="choose one of config/capacity.py, or add the type there",
    )


def limits(deployment: Deployment) -> Iterator[Finding]:
    """A pool's limits admit one node at least, and its pods fit on its nodes."""
    for pool in deployment.karpenter.pools:
        kinds = _kinds(pool)
        if not kinds:
            continue
        cpu, memory = min(kind.vcpu for kind in kinds), min(kind.memory_mib for kind in kinds)
        if pool.limits.cpu and _cores(pool.limits.cpu) < cpu:
            yield _below(deployment, pool, "cpu", pool.limits.cpu, f"{cpu} cores")
        if pool.limits.memory and _mebibytes(pool.limits.memory) < memory:
            yield _below(deployment, pool, "memory", pool.limits.memory, f"{memory // 1024}Gi")
        most = min(kind.most_pods for kind in kinds)
        if pool.max_pods > most:
            yield Finding(
                key=_key(deployment, pool, ".maxPods"),
                value=pool.max_pods,
                message=f"must be at most {most}, what the smallest instance type of pool {pool.name} admits",
                remedy=f"write {most} or less, or choose larger types",
            )


def _below(deployment: Deployment, pool: Pool, what: str, value: str, least: str) -> Finding:
    return Finding(
        key=_key(deployment, pool, f".limits.{what}"),
        value=value,
        message=f"must be at least {least}, one node of pool {pool.name}: the pool would never have one",
        remedy="raise the limit, or leave it out: the number of nodes bounds the pool",
    )


def spot(deployment: Deployment) -> Iterator[Finding]:
    """Spot capacity only where the environment admits it."""
    for pool in deployment.karpenter.pools:
        if "spot" in pool.capacity_types and not deployment.policy.spot:
            yield Finding(
                key=_key(deployment, pool, ".capacityTypes"),
                value=pool.capacity_types,
                message=f"must not hold spot in environment {deployment.environment}",
                remedy='write ["on-demand"]',
                flag="spot",
            )


def labels(deployment: Deployment) -> Iterator[Finding]:
    """Labels and taints keep out of the domains that Karpenter, Kubernetes and the platform set."""
    for pool in deployment.karpenter.pools:
        for key in pool.labels:
            domain = key.partition("/")[0] if "/" in key else ""
            if any(domain == reserved or domain.endswith(f".{reserved}") for reserved in RESERVED_DOMAINS):
                yield Finding(
                    key=_key(deployment, pool, ".labels"),
                    value=key,
                    message=f"must not lie in {', '.join(RESERVED_DOMAINS)}: their owners set these",
                    remedy="choose a domain of your own",
                )


def budgets(deployment: Deployment) -> Iterator[Finding]:
    """A budget's schedule has a duration and the other way round (Karpenter documentation, "Disruption")."""
    for pool in deployment.karpenter.pools:
        for index, budget in enumerate(pool.budgets):
            if (budget.schedule is None) != (budget.duration is None):
                yield Finding(
                    key=_key(deployment, pool, f".budgets[{index}]"),
                    value=budget.schedule or budget.duration,
                    message="must have both schedule and duration, or neither",
                    remedy="add the other one",
                )


def addresses(deployment: Deployment) -> Iterator[Finding]:
    """Nodes and pods of all pools at their limits find addresses in the private subnets."""
    zones = len(deployment.vpc.zones)
    available = available_prefixes(PRIVATE_PREFIX, zones)
    needed = {
        pool.name: prefixes(pool.limits.nodes, pool.max_pods, _kinds(pool))
        for pool in deployment.karpenter.pools
        if _kinds(pool)
    }
    nodes = deployment.eks.system_nodes
    system = [INSTANCE_TYPES[name] for name in nodes.instance_types if name in INSTANCE_TYPES]
    if system:
        # One more, while the group replaces a node.
        needed["system"] = prefixes(nodes.max + 1, nodes.max_pods, system)
    total = sum(needed.values())
    if total > available:
        largest = max(needed, key=lambda name: needed[name])
        shares = ", ".join(f"{name} {share}" for name, share in sorted(needed.items()))
        pool = next((pool for pool in deployment.karpenter.pools if pool.name == largest), None)
        yield Finding(
            key=_key(deployment, pool, ".limits.nodes") if pool else "deployment:eks:systemMaxNodes",
            value=total,
            message=f"must need at most {available} blocks of 16 addresses, what the private subnets of {zones} zones "
            f"hold, and need {total} at their limits ({shares})",
            remedy=f"lower the number of nodes or of pods of {largest}",
        )


def extra_addons(deployment: Deployment) -> Iterator[Finding]:
    """Optional add-ons are known, and none that is always there."""
    key = "deployment:eks:extraAddons"
    yield from twice(key, deployment.eks.extra_addons, "an add-on")
    for index, name in enumerate(deployment.eks.extra_addons):
        if name not in EXTRA_ADDONS:
            why = "is always there" if name in ADDONS else "is no add-on that a version is pinned for"
            yield Finding(
                key=f"{key}[{index}]",
                value=name,
                message=f"{why}; one may add {', '.join(EXTRA_ADDONS)}",
                remedy="remove it" if name in ADDONS else "remove it, or pin its versions in config/versions.py",
            )


def _cores(quantity: str) -> float:
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


def _mebibytes(quantity: str) -> float:
    return float(quantity[:-2]) * _UNITS[quantity[-2:]]


DEPLOYMENT_RULES = (names, instance_types, limits, spot, labels, budgets, addresses, extra_addons)
