"""Roles, policies and their sizes, access entries and Pod Identity associations. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.deployment import Deployment
from constructs_lib.addons.eks_addons import addons
from constructs_lib.components.registry import CATALOG
from constructs_lib.data.databases_table import made_by_job
from constructs_lib.eks.access import PlatformRoles, access_entries
from constructs_lib.iam import trust
from constructs_lib.iam.boundary import boundary_statements
from constructs_lib.iam.document import Statement
from constructs_lib.iam.people import DESCRIPTIONS, declared, rights_of
from constructs_lib.iam.size import characters
from constructs_lib.iam.workloads import Made, workloads
from constructs_lib.naming import Naming, naming_of
from constructs_lib.registry.table import upstreams
from constructs_lib.state import permissions
from constructs_lib.state import trust as operators
from constructs_lib.state.security_services import security_services
from constructs_lib.teams.identities import pod_identities, team_roles
from constructs_lib.teams.names import PERSON_ROLES
from constructs_lib.teams.rights import rights_of as team_rights

MANAGED = "managed"
# Names of the length that AWS's own have: of the database, its master secret, the zone.
_MADE = Made(
    database_resource_id="cluster-ABCDEFGHIJKL01234567890ABC",
    database_master_secret_arn="arn:aws:secretsmanager:us-west-2:111122223333:secret:rds!cluster-"
    "11111111-2222-3333-4444-555555555555-AbCdEf",
    zone_id="Z0123456789ABCDEFGHIJ",
)
# Deployer, planner, auditor; cluster, system nodes, Karpenter's nodes; Aurora's monitoring; flow logs.
_STATE, _CLUSTER, _DATABASE, _NETWORK = 3, 3, 1, 1
# EKS makes one for the role of a managed node group (Amazon EKS User Guide, "Create access entries").
_OF_NODE_GROUPS = 1


def roles(deployment: Deployment) -> int:
    account, forward = deployment.account, deployment.events.forward
    there = (
        bool(deployment.access.break_glass),
        _judges(deployment),
        deployment.vpc.access_host,
        _makes_repositories(deployment),
        account.cloudtrail == MANAGED,
        forward is not None,
    )
    # AWS Backup's two: who makes copies, and who restores.
    backup = 2 * deployment.backup.vault
    own = len(DESCRIPTIONS) + len(workloads(deployment)) + _STATE + _CLUSTER + _DATABASE + _NETWORK
    of_teams = len(deployment.teams) * len(team_roles(deployment.components.enabled()))
    return own + sum(there) + backup + of_teams


def policies(deployment: Deployment) -> int:
    """Customer managed ones. Teams have none: their roles' rights are inline."""
    naming = naming_of(deployment)
    nodes = 2 * bool(deployment.shared.pull_through_caches)
    there = (
        bool(deployment.access.break_glass),
        _judges(deployment),
        _makes_repositories(deployment),
        deployment.events.forward is not None,
    )
    granted = [row for row in workloads(deployment) if row.rights(naming, deployment, _MADE)]
    boundary = 1
    return boundary + len(DESCRIPTIONS) + len(granted) + _STATE + nodes + sum(there)


def instance_profiles(deployment: Deployment) -> int:
    """Karpenter's, the access host's, and the one that EKS makes for the managed node group."""
    return 2 + deployment.vpc.access_host


def policies_of_a_role(deployment: Deployment) -> int:
    """The most that one role has attached: nodes have three of AWS and one of ours."""
    naming = naming_of(deployment)
    nodes = 3 + bool(deployment.shared.pull_through_caches)
    rows = workloads(deployment)
    return max(nodes, *(len(row.managed) + bool(row.rights(naming, deployment, _MADE)) for row in rows))


def managed_policy(deployment: Deployment) -> int:
    """Characters of the largest one."""
    naming = naming_of(deployment)
    return max(characters(statements) for statements in _documents(naming, deployment))


def inline_policy(deployment: Deployment) -> int:
    """Characters of the largest one of a team's roles; of teams, the one with the longest name."""
    naming, longest = naming_of(deployment), max((team.name for team in deployment.teams), key=len, default=None)
    if longest is None:
        return 0
    names = team_roles(deployment.components.enabled())
    return max(characters(team_rights(name, naming, deployment, longest)) for name in names)


def trust_policy(deployment: Deployment) -> int:
    """Characters of the largest one: it holds every role that is declared for it."""
    return max(characters(statements) for statements in _trusts(naming_of(deployment), deployment))


def entries(deployment: Deployment) -> int:
    """Declared people, the platform's roles, two for each team, and the roles of nodes."""
    naming = naming_of(deployment)
    arns = {name: naming.role_arn(name) for name in ("deployer", "planner", "admin", "operator", "viewer")}
    own = access_entries(deployment.id, PlatformRoles(**arns), deployment.access)
    karpenter = 1
    return len(own) + karpenter + _OF_NODE_GROUPS + len(PERSON_ROLES) * len(deployment.teams)


def associations(deployment: Deployment) -> int:
    components = deployment.components.enabled()
    rows = {row.name: row for row in workloads(deployment)}
    own = sum(
        namespace == CATALOG[component].namespace
        for component in components
        for identity in CATALOG[component].identities
        if identity in rows
        for namespace, _account in rows[identity].bindings
    )
    of_addons = sum(bool(addon.service_account) for addon in addons(deployment))
    # Of Karpenter, the load balancer controller and the CNI, which is there before the others.
    cluster = 3
    of_teams = len(deployment.teams) * len(pod_identities(deployment, components))
    return own + of_addons + cluster + bool(made_by_job(deployment)) + of_teams


def _judges(deployment: Deployment) -> bool:
    """Whether there is a role that reads the credential by which rollouts are judged."""
    reads = "external-secrets-sa" in {row.name for row in workloads(deployment)}
    return reads and bool(deployment.components.analysis())


def _makes_repositories(deployment: Deployment) -> bool:
    """Whether ECR makes repositories by itself, for which it gets a role."""
    shared = deployment.shared
    return bool(upstreams(deployment)) if shared.owner else shared.replication_source is not None


def _documents(naming: Naming, deployment: Deployment) -> Iterator[Sequence[Statement]]:
    yield boundary_statements(naming)
    for person in DESCRIPTIONS:
        yield rights_of(person, naming, _MADE)
    for row in workloads(deployment):
        yield row.rights(naming, deployment, _MADE)
    yield [*permissions.deployer(naming), *security_services(deployment)]
    yield permissions.planner(naming)


def _trusts(naming: Naming, deployment: Deployment) -> Iterator[Sequence[Statement]]:
    yield operators.deployers(naming, deployment)
    yield operators.planners(naming, deployment)
    yield [operators.auditors(deployment)]
    if deployment.access.break_glass:
        yield [trust.break_glass_trust(deployment.access.break_glass)]
    for person in DESCRIPTIONS:
        emergency = person == "admin" and deployment.access.break_glass
        own = [trust.own_role_trust(naming, trust.BREAK_GLASS)] if emergency else []
        yield [trust.people_trust(declared(deployment, person)), *own]
    for row in workloads(deployment):
        yield trust.pod_identity_trust(naming, row.bindings)
    declared_by_teams = [roles for team in deployment.teams for roles in (team.developer_roles, team.viewer_roles)]
    if longest := max(declared_by_teams, key=lambda arns: sum(map(len, arns)), default=()):
        yield [trust.people_trust(longest)]
