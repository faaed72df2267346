"""The keys of the platform's architecture document (the seed's), a part of the deployment file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.components import Components
from config.parts import GrafanaCloud, Person, Team
from config.types import (
    AccountId,
    Capacity,
    Cidr,
    Domain,
    KubernetesMinor,
    Model,
    Region,
    Slug,
    TemplateVersion,
)


class BasicKeys(Model):
    """The keys of the platform's architecture document (the seed's)."""

    platform_id: Slug = Field(alias="platform:id", description="Id of the platform.")
    platform_organization: Slug = Field(
        alias="platform:organization", description="Organization; part of every S3 bucket name."
    )
    platform_account: AccountId = Field(alias="platform:account", description="AWS account, 12 digits.")
    platform_region: Region = Field(alias="platform:region", description="AWS region.")
    platform_domain: Domain = Field(alias="platform:domain", description="DNS domain of the platform's zone.")
    deployment_id: Slug = Field(alias="deployment:id", description="Id of this deployment; prefixes every name.")
    deployment_environment: Slug = Field(alias="deployment:environment", description="Template set under envs/.")
    deployment_version: TemplateVersion = Field(alias="deployment:version", description="Version of the template set.")
    vpc_cidr: Cidr = Field(alias="deployment:vpc:cidr", description="CIDR of the VPC, a /16.")
    vpc_max_azs: Literal[2, 3] = Field(
        default=3, alias="deployment:vpc:maxAzs", description="Number of availability zones."
    )
    eks_version: KubernetesMinor = Field(
        default="1.34", alias="deployment:eks:version", description="Kubernetes minor of the cluster."
    )
    eks_administrators: tuple[Person, ...] = Field(
        alias="deployment:eks:administrators", min_length=1, description="Who administers the cluster."
    )
    aurora_min_capacity: Capacity = Field(
        default=0.5, alias="deployment:aurora:minCapacity", description="Least Aurora capacity in ACU, in steps of 0.5."
    )
    aurora_max_capacity: Capacity = Field(
        default=4, alias="deployment:aurora:maxCapacity", description="Largest Aurora capacity in ACU, in steps of 0.5."
    )
    components: Components = Field(
        default=Components(), alias="deployment:components", description="Which platform components are on."
    )
    teams: tuple[Team, ...] = Field(default=(), alias="deployment:teams", description="Teams of the platform.")
    grafana_cloud: GrafanaCloud | None = Field(
        default=None, alias="deployment:observability:grafanaCloud", description="Where telemetry goes."
    )
