"""A team in the deployment file: who it is, what its namespace may use, and what it owns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.types import (
    Allowed,
    Cidr,
    CpuQuantity,
    DnsLabel,
    Email,
    Flag,
    GitRepository,
    MemoryQuantity,
    Model,
    RoleArn,
    TagValue,
    Username,
)

TeamSize = Literal["small", "medium", "large"]
# A group as Dex's GitHub connector names it: organization:team (Dex documentation, "Authentication Through GitHub").
# Never without a colon: Argo CD looks for members' logins in the same list, and a login has none.
GroupName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}:[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"),
    Allowed("an organization and a team of GitHub, such as example-org:alpha"),
]
# Amazon ECR API reference, CreateRepository, repositoryName: the part below the team's own prefix.
RepositoryName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$", max_length=100),
    Allowed("a repository below the team's prefix, such as web or charts/web"),
]
SecretName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60),
    Allowed("a secret below the team's path, such as database"),
]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
# Beyond it somebody would run staging by pull requests.
PreviewCount = Annotated[int, Field(strict=True, ge=1, le=50)]
# Beyond it a quota says nothing any more.
Overcommit = Annotated[float, Field(strict=True, ge=1, le=1000, allow_inf_nan=False)]
Dollars = Annotated[int, Field(strict=True, ge=1, le=10_000_000)]


class Quotas(Model):
    """What all pods of a namespace may ask for together."""

    cpu: CpuQuantity = Field(description="Sum of CPU requests in the team's namespace, in cores or millicores.")
    memory: MemoryQuantity = Field(description="Sum of memory requests, with unit Ki, Mi, Gi or Ti.")
    pods: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = Field(
        default=None, description="Number of pods. Without it: ten for each core, twenty at least."
    )
    storage: MemoryQuantity | None = Field(
        default=None, description="Sum of volumes. Without it: eight times the memory."
    )


class Egress(Model):
    """A way out of the team's namespace, beside name resolution and the namespace itself."""

    cidr: Cidr = Field(description="Where to: an IPv4 network.")
    ports: tuple[Port, ...] = Field(min_length=1, description="Ports, as numbers.")
    protocol: Literal["TCP", "UDP"] = Field(default="TCP", description="Protocol of the ports.")


# small and medium are the architecture document's teams alpha and beta.
SIZES: Mapping[TeamSize, Quotas] = {
    "small": Quotas(cpu="4", memory="8Gi"),
    "medium": Quotas(cpu="8", memory="16Gi"),
    "large": Quotas(cpu="16", memory="32Gi"),
}
# Of what all teams share: staging runs one copy of what the teams run, a sandbox is small.
SHARED_QUOTAS: Mapping[str, Quotas] = {
    "staging": Quotas(cpu="16", memory="32Gi"),
    "sandbox": Quotas(cpu="4", memory="8Gi"),
}
# Of each pull request's namespace: one copy of an application and what it needs.
PREVIEW_QUOTA = Quotas(cpu="2", memory="4Gi")


class Team(Model):
    name: DnsLabel = Field(description="Team name; namespace, roles and repositories derive from it.")
    size: TeamSize | None = Field(
        default=None, description="Quotas by name: small is 4 cores and 8Gi, medium 8 and 16Gi, large 16 and 32Gi."
    )
    quotas: Quotas | None = Field(default=None, description="What the team's namespace may request, in place of size.")
    members: tuple[Username, ...] = Field(description="GitHub user names.", min_length=1)
    groups: tuple[GroupName, ...] | None = Field(
        default=None,
        description="Groups whose people are developers. Without it: the team's own name in deployment:github"
        ":organization.",
    )
    viewer_groups: tuple[GroupName, ...] = Field(
        default=(), alias="viewerGroups", description="Groups whose people may look, in Argo CD and Argo Workflows."
    )
    developer_roles: tuple[RoleArn, ...] = Field(
        default=(),
        alias="developerRoles",
        description="Roles that may assume the team's developer role. Without any: the administrators'.",
    )
    viewer_roles: tuple[RoleArn, ...] = Field(
        default=(),
        alias="viewerRoles",
        description="Roles that may assume the team's viewer role. Without any: the administrators'.",
    )
    owner: Email | None = Field(
        default=None, description="Who answers for the team. Without it: the first administrator."
    )
    cost_center: TagValue | None = Field(
        default=None, alias="costCenter", description="Value of the tag cost-center of what is the team's."
    )
    monthly_budget_usd: Dollars | None = Field(
        default=None,
        alias="monthlyBudgetUsd",
        description="Budget in US dollars a month; the owner is told at 80 % and at 100 %, and when it is forecast.",
    )
    repositories: tuple[RepositoryName, ...] = Field(default=(), description="Image repositories, below team/<name>/.")
    sources: tuple[GitRepository, ...] = Field(
        default=(), description="GitHub repositories that Argo CD may deploy from."
    )
    previews: tuple[GitRepository, ...] = Field(
        default=(),
        description="Those of sources whose pull requests get a namespace and a host for a day, while they carry label "
        "preview.",
    )
    preview_limit: PreviewCount = Field(
        default=5,
        alias="previewLimit",
        description="How many pull requests of all of previews may have a namespace at once.",
    )
    secrets: tuple[SecretName, ...] = Field(
        default=(), description="Secrets, below /<deployment:id>/team/<name>/; made empty, filled by developers."
    )
    pool: DnsLabel | None = Field(
        default=None,
        description="Pool with a taint that the pods of the team's namespace run on, and nowhere else. Without it: the "
        "pools without a taint.",
    )
    internet: Flag = Field(default=False, description="Whether pods may reach public addresses by HTTPS.")
    egress: tuple[Egress, ...] = Field(default=(), description="Further ways out of the namespace.")

    @property
    def resources(self) -> Quotas:
        """The quotas that count. A rule makes sure that the file gives one of size and quotas."""
        return self.quotas or SIZES[self.size or "small"]
