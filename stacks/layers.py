"""Which stacks a deployment has, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

from config.deployment import Deployment
from constructs_lib.components.registry import enabled
from constructs_lib.data.databases_table import made_by_job
from constructs_lib.engine import App
from constructs_lib.stack import Planned, PlatformStack
from stacks.bootstrap.account import AccountStack
from stacks.bootstrap.bootstrap import BootstrapStack
from stacks.cluster.addons import AddonsStack
from stacks.cluster.eks import EksStack
from stacks.cluster.karpenter import KarpenterStack
from stacks.foundation.backup import BackupStack
from stacks.foundation.data import DataStack
from stacks.foundation.events import EventsStack
from stacks.foundation.iam import IamStack
from stacks.foundation.shared import SharedStack
from stacks.foundation.vpc import VpcStack
from stacks.platform.component import component_stack
from stacks.platform.database_bootstrap import DatabaseBootstrapStack
from stacks.platform.load_balancers import LoadBalancersStack
from stacks.platform.policies import PoliciesStack
from stacks.teams.shared import TeamsSharedStack
from stacks.teams.team import team_stacks

STACKS: tuple[type[PlatformStack], ...] = (
    BootstrapStack,
    AccountStack,
    VpcStack,
    DataStack,
    SharedStack,
    IamStack,
    EksStack,
    AddonsStack,
    KarpenterStack,
)


def build(app: App, deployment: Deployment) -> Sequence[PlatformStack]:
    """Every stack of ``deployment``, lowest layer first."""
    return [each.make(app, deployment) for each in planned(deployment)]


def planned(deployment: Deployment) -> Sequence[Planned]:
    """Every stack of ``deployment`` before it is made, lowest layer first."""
    components: list[type[PlatformStack]] = [component_stack(name) for name in enabled(deployment)]
    shared: list[type[PlatformStack]] = [LoadBalancersStack] if deployment.components.hosts() else []
    shared += [DatabaseBootstrapStack] if made_by_job(deployment) else []
    shared += [PoliciesStack] if "kyverno" in enabled(deployment) else []
    events: list[type[PlatformStack]] = [EventsStack] if deployment.events.cross else []
    backup: list[type[PlatformStack]] = [BackupStack] if deployment.backup.vault else []
    kinds: list[type[PlatformStack]] = [*STACKS, *backup, *events, *shared, *components, TeamsSharedStack]
    return [*(Planned(layer=kind.layer, stack=kind.stack, make=kind) for kind in kinds), *team_stacks(deployment)]
