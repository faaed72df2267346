"""A stack for each team: everything that carries the team's name, and nothing else. Its plan touches no other team."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from config.deployment import Deployment
from config.names import team_namespace
from config.teams import Team
from constructs_lib.addons.install import associate
from constructs_lib.engine import App, TerraformResource
from constructs_lib.plain import PlainStack
from constructs_lib.stack import Planned
from constructs_lib.teams.belongings import budget, catalog_entry, repositories, secrets
from constructs_lib.teams.identities import pod_identities, team_roles
from constructs_lib.teams.releases import team_release
from constructs_lib.teams.roles import person_roles, secrets_role
from constructs_lib.teams.values import Common, common
from stacks.cluster.base import ReleaseStack
from stacks.contracts import DataOutputs, IamOutputs, TeamsSharedOutputs


class TeamStack(PlainStack, ReleaseStack):
    """``team`` is the entry of the deployment file, ``same`` what all teams of the deployment have in common."""

    layer = "teams"

    def __init__(self, app: App, deployment: Deployment, *, team: Team, same: Common) -> None:
        self.stack, self.team, self.same = team.name, team, same
        super().__init__(app, deployment)
        self.read(TeamsSharedOutputs)
        iam, data = self.read(IamOutputs), self.read(DataOutputs)
        boundary = iam.permissions_boundary_arn
        person_roles(self, team, boundary=boundary)
        repositories(self, team, key_arn=data.data_key_arn)
        secrets(self, team, key_arn=data.secrets_key_arn)
        budget(self, team)
        if "backstage" in self.same.components:
            catalog_entry(self, team, bucket=data.techdocs_bucket)
        team_release(self, team, self.same, depends_on=self._identities(iam, boundary))

    def tags(self) -> dict[str, str]:
        """As for every stack, with the team, who answers for it and who pays."""
        own = {"team": self.team.name, "owner": self.team.owner, "cost-center": self.team.cost_center}
        return super().tags() | {key: value for key, value in own.items() if value is not None}

    def _identities(self, iam: IamOutputs, boundary: str) -> list[TerraformResource]:
        """What pods and the store of the team's namespace become, before there is a namespace."""
        roles, found = iam.workload_role_arns, list[TerraformResource]()
        if "secrets" in team_roles(self.same.components):
            found.append(secrets_role(self, self.team, reader=roles["external-secrets-sa"], boundary=boundary))
        namespace = team_namespace(self.team.name)
        identities = pod_identities(self.deployment, self.same.components).items()
        found += [associate(self, name, roles[role], namespace=namespace) for name, role in identities]
        return found


def team_stacks(deployment: Deployment) -> Sequence[Planned]:
    """The stacks of the teams of ``deployment``, in the order of the file."""
    same = common(deployment)
    return [
        Planned(layer=TeamStack.layer, stack=team.name, make=functools.partial(TeamStack, team=team, same=same))
        for team in deployment.teams
    ]
