"""What the account's security services and copies cost, where they are managed here. Pure: imports no engine.

A service that is ``existing`` is somebody else's to pay, or to count.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.capacity import INSTANCE_TYPES
from config.deployment import Deployment
from config.pools import Pool
from constructs_lib.components.pods import platform_pool, steady_platform_nodes
from constructs_lib.cost.bounds import Bounds, Entry
from constructs_lib.cost.counts import MANAGED
from constructs_lib.cost.prices import SERVICES
from constructs_lib.cost.use import SECURITY, USES, by_use


def security(deployment: Deployment) -> Iterator[Entry]:
    """A line for each service."""
    account = deployment.account
    if account.cloudtrail == MANAGED:
        usd, how = SECURITY.data_events * _usd("data event"), "data events; management events are free once"
        yield Entry(what="CloudTrail", bounds=by_use(usd), how=how)
    if account.config_recorder == MANAGED:
        usd = SECURITY.config_items * _usd("configuration item")
        usd += SECURITY.config_evaluations * _usd("configuration evaluation")
        yield Entry(what="AWS Config", bounds=by_use(usd), how=f"{SECURITY.config_items:,} items, and evaluations")
    if account.guardduty == MANAGED:
        yield _guardduty(deployment)
    if account.security_hub == MANAGED:
        usd = SECURITY.hub_checks * _usd("hub check")
        yield Entry(what="Security Hub", bounds=by_use(usd), how=f"{SECURITY.hub_checks:,} checks")
    yield from _inspector(deployment)
    if deployment.backup.vault:
        copies = 1 if deployment.backup.copy_region is None else 2
        where = "in one region" if copies == 1 else "in each of two regions"
        usd = copies * SECURITY.backup_gib * _usd("backup GiB")
        yield Entry(what="AWS Backup", bounds=by_use(usd), how=f"{SECURITY.backup_gib:.0f} GiB, {where}")


def _usd(price: str) -> float:
    return SERVICES[price].usd


def running(deployment: Deployment) -> Bounds:
    """Nodes at least, as expected, and at all pools' limits."""
    system, steady = deployment.eks.system_nodes, steady_platform_nodes(deployment)
    most = system.max + sum(pool.limits.nodes for pool in deployment.karpenter.pools)
    return Bounds(minimum=system.min + steady, expected=system.desired + steady, maximum=most)


def _cores(deployment: Deployment) -> Bounds:
    """Cores of those nodes; what isn't known has two."""
    system, steady = deployment.eks.system_nodes, steady_platform_nodes(deployment)
    of_system, of_platform = _vcpus(system.instance_types), _vcpus(platform_pool(deployment).instance_types)
    most = system.max * max(of_system) + sum(_limit(pool) for pool in deployment.karpenter.pools)
    return Bounds(
        minimum=system.min * min(of_system) + steady * min(of_platform),
        expected=system.desired * of_system[0] + steady * of_platform[0],
        maximum=most,
    )


def _vcpus(types: tuple[str, ...]) -> list[int]:
    return [INSTANCE_TYPES[kind].vcpu if kind in INSTANCE_TYPES else 2 for kind in types]


def _limit(pool: Pool) -> int:
    return pool.limits.nodes * max(_vcpus(pool.instance_types))


def _guardduty(deployment: Deployment) -> Entry:
    use = USES[deployment.sizing]
    usd = SECURITY.trail_events * _usd("trail event, analysed") + SECURITY.audit_events * _usd("audit event, analysed")
    usd += (use.flow_logs_gib + use.out_gib / 10) * _usd("network GiB, analysed")
    cores = _cores(deployment)
    return Entry(
        what="GuardDuty",
        bounds=by_use(usd) + cores.times(_usd("core, watched")),
        how=f"{cores.expected:.0f} cores watched; events and network by use",
    )


def _inspector(deployment: Deployment) -> Iterator[Entry]:
    """Instances where it is managed; images wherever the registry of this account has them scanned."""
    account, shared = deployment.account, deployment.shared
    registry = account.ecr_registry == MANAGED and (shared.owner or shared.replication_source is not None)
    if account.inspector == "existing" or (account.inspector == "off" and not registry):
        return
    images = SECURITY.images * _usd("image, scanned")
    again = SECURITY.images * SECURITY.rescans * _usd("image, scanned again")
    bounds, how = by_use(images + again), f"{SECURITY.images} images, each {SECURITY.rescans} times again"
    if account.inspector == MANAGED:
        there = running(deployment)
        bounds += there.times(_usd("instance, scanned"))
        how += f"; {there.expected:.0f} instances"
    yield Entry(what="Inspector", bounds=bounds, how=how)
