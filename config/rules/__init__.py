"""Cross-field rules: each yields what it finds wrong. All of them run, so that everything shows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from config.deployment import Deployment
from config.errors import Problem
from config.file import DeploymentFile
from config.rules import (
    access,
    account,
    between,
    cluster,
    components,
    data,
    egress,
    events,
    names,
    network,
    operating,
    pci,
    policies,
    pools,
    previews,
    quotas,
    shared,
    teams,
    transit,
)
from config.rules.finding import Finding

FileRule = Callable[[DeploymentFile], Iterator[Finding]]
DeploymentRule = Callable[[Deployment], Iterator[Finding]]

# What the deployment file itself must fulfil, whatever the environment.
FILE_RULES: tuple[FileRule, ...] = (
    *network.FILE_RULES,
    *access.FILE_RULES,
    *cluster.FILE_RULES,
    *data.FILE_RULES,
    *components.FILE_RULES,
    *teams.FILE_RULES,
    *previews.FILE_RULES,
    *policies.FILE_RULES,
    *names.FILE_RULES,
    *operating.FILE_RULES,
)
# What must hold once the environment's defaults are filled in.
DEPLOYMENT_RULES: tuple[DeploymentRule, ...] = (
    *network.DEPLOYMENT_RULES,
    *cluster.DEPLOYMENT_RULES,
    *pools.DEPLOYMENT_RULES,
    *data.DEPLOYMENT_RULES,
    *components.DEPLOYMENT_RULES,
    *shared.DEPLOYMENT_RULES,
    *account.DEPLOYMENT_RULES,
    *operating.DEPLOYMENT_RULES,
    *egress.DEPLOYMENT_RULES,
    *events.DEPLOYMENT_RULES,
    *teams.DEPLOYMENT_RULES,
    *quotas.DEPLOYMENT_RULES,
    *previews.DEPLOYMENT_RULES,
    *policies.DEPLOYMENT_RULES,
    *transit.DEPLOYMENT_RULES,
    *pci.DEPLOYMENT_RULES,
)


def check_file(file: DeploymentFile, *, source: str) -> list[Problem]:
    """Problems that show in the file; ``source`` is its name in messages."""
    return [finding.in_file(source) for rule in FILE_RULES for finding in rule(file)]


def check(deployment: Deployment, *, source: str) -> list[Problem]:
    """Problems of the complete deployment."""
    found = (pci.explained(finding, deployment) for rule in DEPLOYMENT_RULES for finding in rule(deployment))
    return [finding.in_file(source) for finding in found]


def check_together(deployments: Sequence[tuple[str, Deployment]]) -> Iterator[Problem]:
    """Problems that only show between deployments, each given with its file's name."""
    for rule in between.RULES:
        yield from rule(deployments)
