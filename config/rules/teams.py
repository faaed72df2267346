"""Rules of teams."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping

from config.capacity import Room
from config.components import Components
from config.deployment import Deployment
from config.file import DeploymentFile
from config.names import NAMESPACE_MAX, ROLE_NAME_MAX, application_name_over, source_name, team_role_name
from config.pools import Taint
from config.quantities import mebibytes, millicores
from config.rules.finding import Finding, twice
from config.team_capacity import capacity, promised, reserved_taints
from config.teams import Team

KEY = "deployment:teams"

_NAMESPACE = "is a namespace of the platform"
_OTHER_NAMESPACES = ("argo", "crossplane-system", "database-bootstrap", "default", "load-balancers", "monitoring")
RESERVED: Mapping[str, str] = {
    **{name: "is a component of the platform" for name in (f.alias or n for n, f in Components.model_fields.items())},
    **{name: _NAMESPACE for name in _OTHER_NAMESPACES},
    # naming.Naming.stack: these two stacks have no layer in their names.
    "account": "would take the stack of account-wide settings",
    "bootstrap": "would take the stack of the remote state",
    "preview": "is the namespaces of pull requests",
    "shared": "would take the stack of the shared namespaces",
    "sandbox": "is the shared namespace of experiments",
    "staging": "is the shared namespace before production",
}
# Instance metadata, Pod Identity's agent and the VPC's name server are here; the platform decides who reaches them.
_LINK_LOCAL = ipaddress.IPv4Network("169.254.0.0/16")
# RFC 1918 and RFC 6598.
_PRIVATE = [ipaddress.IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]
# The largest public network that still names somebody, where an environment admits no internet.
_NAMED_PREFIX = 16
# Key of the taint of pools that the platform has for itself.
PLATFORM_TAINT = "platform/pool"
_EVERYWHERE = ipaddress.IPv4Network("0.0.0.0/0")


def names(file: DeploymentFile) -> Iterator[Finding]:
    """Teams differ in name, none has a name that is taken, and what derives from a name fits into the limits."""
    yield from twice(KEY, [team.name for team in file.teams], "a team")
    for index, team in enumerate(file.teams):
        key = f"{KEY}[{index}].name"
        over = len(team_role_name(file.deployment_id, team.name)) - ROLE_NAME_MAX
        if over > 0:
            yield Finding(
                key=key,
                value=team.name,
                message=f"must have at most {len(team.name) - over} characters: with deployment:id it is part of role "
                f"names, which IAM limits to {ROLE_NAME_MAX}",
                remedy="shorten the name",
            )
        if why := _reserved(team.name):
            yield Finding(key=key, value=team.name, message=f"is reserved: it {why}", remedy="choose another name")
        if "--" in team.name:
            message = "must not hold two dashes in a row: they end the name in namespaces of pull requests"
            yield Finding(key=key, value=team.name, message=message, remedy="write a single dash")


def _reserved(name: str) -> str:
    """Why nobody may have ``name``; empty where anybody may."""
    return RESERVED.get(name, "starts as Kubernetes' own do" if f"{name}-".startswith("kube-") else "")


def lists(file: DeploymentFile) -> Iterator[Finding]:
    """A team names each member, group, role, repository and secret once."""
    for index, team in enumerate(file.teams):
        for key, values, what in (
            ("members", team.members, "a member"),
            ("groups", team.groups or (), "a group"),
            ("viewerGroups", team.viewer_groups, "a group"),
            ("developerRoles", team.developer_roles, "a role"),
            ("viewerRoles", team.viewer_roles, "a role"),
            ("repositories", team.repositories, "a repository"),
            ("sources", [source_name(source) for source in team.sources], "a repository"),
            ("secrets", team.secrets, "a secret"),
        ):
            yield from twice(f"{KEY}[{index}].{key}", values, what)


def sources(file: DeploymentFile) -> Iterator[Finding]:
    """Names of applications, and of what makes them for each source, are labels of Kubernetes."""
    for index, team in enumerate(file.teams):
        for at, repository in enumerate(team.sources):
            key, name = f"{KEY}[{index}].sources[{at}]", source_name(repository)
            over = application_name_over(team.name, repository)
            if not name:
                yield Finding(
                    key=key,
                    value=repository,
                    message="must hold a letter or a digit: it becomes part of names in Kubernetes",
                    remedy="rename the repository",
                )
            elif over > 0:
                yield Finding(
                    key=key,
                    value=repository,
                    message=f"must have a name of at most {len(name) - over} characters beside a team's of "
                    f"{len(team.name)}: both are part of applications' names, which labels limit to {NAMESPACE_MAX}",
                    remedy="remove it, or shorten the team's or the repository's name",
                )


def sizes(file: DeploymentFile) -> Iterator[Finding]:
    """A team has either a size or quotas of its own."""
    for index, team in enumerate(file.teams):
        if (team.size is None) == (team.quotas is None):
            yield Finding(
                key=f"{KEY}[{index}].quotas" if team.quotas else f"{KEY}[{index}].size",
                value=team.size,
                message="must not stand beside quotas" if team.size else "is required where there are no quotas",
                remedy='write either "size": "small" or "quotas": {"cpu": "4", "memory": "8Gi"}',
            )


def egress(file: DeploymentFile) -> Iterator[Finding]:
    """A team's ways out lead to no link-local address, and the whole internet has a key of its own."""
    for index, team in enumerate(file.teams):
        for at, way in enumerate(team.egress):
            network = ipaddress.IPv4Network(way.cidr)
            if network == _EVERYWHERE:
                message = "must not be the whole internet"
                remedy = 'write "internet": true for the team, which leaves out private ranges'
            elif network.subnet_of(_LINK_LOCAL):
                message = f"must not lie in {_LINK_LOCAL}: instance metadata is there"
                remedy = "remove it"
            else:
                continue
            yield Finding(key=f"{KEY}[{index}].egress[{at}].cidr", value=way.cidr, message=message, remedy=remedy)


def quotas(deployment: Deployment) -> Iterator[Finding]:
    """A team's quotas are no larger than the pools that it may use, and all quotas together no larger than
    deployment:quotaOvercommit times these pools.
    """
    for pool in dict.fromkeys([None, *(team.pool for team in deployment.teams)]):
        most = capacity(deployment, pool)
        if most is not None:
            yield from list(_too_large(deployment, most, pool)) or _overcommitted(deployment, most, pool)


def pools(deployment: Deployment) -> Iterator[Finding]:
    """A team's pool is there, keeps others away, and isn't one that the platform has for itself."""
    known = {pool.name: reserved_taints(pool) for pool in deployment.karpenter.pools}
    free = [name for name, taints in known.items() if taints and not _of_the_platform(taints)]
    for index, team in enumerate(deployment.teams):
        if team.pool is None:
            continue
        key, remedy = f"{KEY}[{index}].pool", f"write one of {', '.join(free)}" if free else "remove it"
        if team.pool not in known:
            yield Finding(key=key, value=team.pool, message="must be a pool", remedy=remedy)
        elif not known[team.pool]:
            message = "must have a taint that keeps other pods away (NoSchedule or NoExecute)"
            yield Finding(key=key, value=team.pool, message=message, remedy=remedy)
        elif _of_the_platform(known[team.pool]):
            yield Finding(key=key, value=team.pool, message="is the platform's own", remedy=remedy)
        elif "kyverno" not in deployment.components.enabled():
            message = "needs Kyverno, whose policies bring the team's pods there and keep others away"
            yield Finding(key=key, value=team.pool, message=message, remedy="switch kyverno on, or remove it")


def _of_the_platform(taints: Iterable[Taint]) -> bool:
    return any(taint.key == PLATFORM_TAINT for taint in taints)


def _pools_named(pool: str | None) -> str:
    return f"pool {pool} holds at its" if pool else "the pools without a taint hold at their"


def _too_large(deployment: Deployment, most: Room, pool: str | None) -> Iterator[Finding]:
    for index, team in enumerate(deployment.teams):
        if team.pool != pool:
            continue
        own = team.resources
        for key, value, wanted, limit, unit in (
            ("cpu", own.cpu, millicores(own.cpu), most.cpu, "m"),
            ("memory", own.memory, mebibytes(own.memory), most.mib, "Mi"),
        ):
            if wanted > limit:
                yield Finding(
                    key=f"{KEY}[{index}].quotas.{key}" if team.quotas else f"{KEY}[{index}].size",
                    value=value,
                    message=f"must be at most {limit}{unit}, what {_pools_named(pool)} limits",
                    remedy="lower it, or raise the limits of a pool in deployment:karpenter:pools",
                )


def _overcommitted(deployment: Deployment, most: Room, pool: str | None) -> Iterator[Finding]:
    factor = deployment.quota_overcommit
    cpu, mib = promised(deployment, pool)
    further = "" if pool else ", those of the shared namespaces and of previews included"
    for what, wanted, limit, unit in (("CPU", cpu, most.cpu, "m"), ("memory", mib, most.mib, "Mi")):
        if wanted > factor * limit:
            yield Finding(
                key=KEY,
                value=None,
                message=f"must promise at most {factor:g} times the {limit}{unit} of {what} that {_pools_named(pool)} "
                f"limits; quotas promise {wanted}{unit}{further}",
                remedy="lower quotas or previewLimit, raise the limits of a pool in deployment:karpenter:pools, or "
                "raise deployment:quotaOvercommit",
            )


def internet(deployment: Deployment) -> Iterator[Finding]:
    """A team asks for the internet only where the environment admits it and a way leads there."""
    for index, team in enumerate(deployment.teams):
        if not deployment.policy.team_internet:
            yield from _named_ways_only(f"{KEY}[{index}]", team, deployment.environment)
            continue
        if team.internet and deployment.vpc.nat_gateways == "none":
            yield Finding(
                key=f"{KEY}[{index}].internet",
                value=True,
                message="must be false where deployment:vpc:natGateways is none: no way leads there",
                remedy="remove it, or have a NAT gateway",
            )


def _named_ways_only(key: str, team: Team, environment: str) -> Iterator[Finding]:
    """Neither the internet as a whole, nor the internet in pieces."""
    if team.internet:
        yield Finding(
            key=f"{key}.internet",
            value=True,
            message=f"must be false in environment {environment}: teams name where they go",
            remedy="remove it, and list networks and ports under egress",
            flag="team_internet",
        )
    for at, way in enumerate(team.egress):
        network = ipaddress.IPv4Network(way.cidr)
        if network.prefixlen < _NAMED_PREFIX and not any(network.subnet_of(each) for each in _PRIVATE):
            yield Finding(
                key=f"{key}.egress[{at}].cidr",
                value=way.cidr,
                message=f"must be private, or at most a /{_NAMED_PREFIX}, in environment {environment}",
                remedy="list the networks that the team really needs",
                flag="team_internet",
            )


FILE_RULES = (names, lists, sources, sizes, egress)
DEPLOYMENT_RULES = (quotas, pools, internet)
