"""The table of workload identities: which service account gets which role, and what the role may do. Pure.

The rows are in ``constructs_lib.iam.rows``, one module for each layer that runs the workloads; ``foundation-iam`` makes
a role of each row that the deployment needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from config.deployment import Deployment
from constructs_lib.iam.document import Statement
from constructs_lib.naming import Naming

Statements = Callable[[Naming, Deployment], list[Statement]]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What only the stacks below can name: ARNs and ids that AWS makes up."""

    database_resource_id: str
    database_master_secret_arn: str
    zone_id: str


@dataclass(frozen=True, kw_only=True)
class Workload:
    """One row: role ``<deployment>-<name>`` for the (namespace, service account) pairs ``bindings``.

    ``components``: any of them, being on, makes the role necessary; empty means that every deployment has it, as far as
    ``when`` holds.
    ``managed`` names AWS managed policies (``AmazonEKS_CNI_Policy``), ``statements`` is what the role may do beyond
    them, ``on_made`` the same where it needs what AWS names; ``source`` says where each right is documented.
    """

    name: str
    bindings: tuple[tuple[str, str], ...]
    source: str
    components: tuple[str, ...] = ()
    managed: tuple[str, ...] = ()
    statements: Statements = lambda _naming, _deployment: []
    on_made: Callable[[Made], list[Statement]] = lambda _made: []
    when: Callable[[Deployment], bool] = field(default=lambda _deployment: True)

    def rights(self, naming: Naming, deployment: Deployment, made: Made) -> list[Statement]:
        """All statements of the role."""
        return [*self.statements(naming, deployment), *self.on_made(made)]


def workloads(deployment: Deployment) -> tuple[Workload, ...]:
    """The rows that ``deployment`` needs, sorted by name."""
    from constructs_lib.iam.rows import ROWS

    enabled = set(deployment.components.enabled())
    return tuple(
        sorted(
            (row for row in ROWS if (not row.components or enabled & set(row.components)) and row.when(deployment)),
            key=lambda row: row.name,
        )
    )


def workload_names(deployment: Deployment) -> tuple[str, ...]:
    """Names of the workload roles of ``deployment``, sorted (``backstage-sa`` for role ``idp-backstage-sa``)."""
    return tuple(row.name for row in workloads(deployment))
