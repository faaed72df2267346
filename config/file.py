"""The deployment file as the user writes it: flat keys, as in ``cdktf.json``'s context.

Keys without a default here are required. Keys that default to None are decided by the environment's template
(``envs/<environment>/<version>/conf.yaml.j2``); precedence is deployment file, then template. docs/CONFIGURATION.md and
``config/deployment.schema.json`` are generated from these models.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.components import ImageDigest
from config.operating import OperatingKeys
from config.parts import GitHubApp, Person
from config.pools import PoolChange
from config.sizing import SizingProfile
from config.types import (
    AccountId,
    CertificateArn,
    Cidr,
    DeletionPolicy,
    DnsLabel,
    EndpointAccess,
    EndpointProfile,
    Flag,
    GitBranch,
    GitHubName,
    GitRepository,
    HostedZoneId,
    InstanceType,
    LockMode,
    NatMode,
    Ownership,
    PrincipalArn,
    PullThroughCache,
    Region,
    RetentionDays,
    SupportType,
    TagValue,
    ZoneName,
)


class DeploymentFile(OperatingKeys):
    """One deployment, key by key. Shared keys start with ``platform:``, those of the instance with ``deployment:``.

    The keys here are those that this project adds. None: the environment's template decides.
    """

    owner: TagValue | None = Field(default=None, alias="platform:owner", description="Value of the tag `owner`.")
    cost_center: TagValue | None = Field(
        default=None, alias="platform:costCenter", description="Value of the tag `cost-center`."
    )
    repository: GitRepository | None = Field(
        default=None, alias="platform:repository", description="Repository whose CI may plan and deploy, by OIDC."
    )
    sso_region: Region | None = Field(
        default=None,
        alias="platform:ssoRegion",
        description="Region of IAM Identity Center, which is part of its roles' path.",
    )
    trusted_accounts: tuple[AccountId, ...] = Field(
        default=(),
        alias="platform:trustedAccounts",
        description="Further accounts whose roles this file may name; roles of any other account are refused.",
    )
    data_classification: TagValue | None = Field(
        default=None, alias="deployment:dataClassification", description="Value of the tag `data-classification`."
    )
    deletion_policy: DeletionPolicy | None = Field(
        default=None,
        alias="deployment:deletionPolicy",
        description="What teardown does with data: retain refuses, snapshot keeps a final snapshot, drop deletes.",
    )
    state_lock: LockMode | None = Field(
        default=None,
        alias="deployment:state:lock",
        description="How state is locked: the DynamoDB table, an S3 lock file, or both.",
    )
    atlantis_role: PrincipalArn | None = Field(
        default=None, alias="deployment:ci:atlantisRole", description="Role of an Atlantis server that may deploy."
    )
    deploy_branch: GitBranch | None = Field(
        default=None,
        alias="deployment:ci:branch",
        description="Branch whose CI runs may deploy, in the GitHub environment named as the deployment; others plan.",
    )
    auditors: tuple[Person, ...] = Field(
        default=(), alias="deployment:access:auditors", description="Who may read state, without locking it."
    )
    operators: tuple[Person, ...] = Field(
        default=(), alias="deployment:access:operators", description="Who may assume <id>-operator."
    )
    viewers: tuple[Person, ...] = Field(
        default=(), alias="deployment:access:viewers", description="Who may assume <id>-viewer."
    )
    vpc_zones: tuple[ZoneName, ...] | None = Field(
        default=None, alias="deployment:vpc:zones", description="Names of the zones, in order, at least maxAzs."
    )
    nat_gateways: NatMode | None = Field(
        default=None, alias="deployment:vpc:natGateways", description="One NAT gateway, one per zone, or none."
    )
    endpoint_profile: EndpointProfile | None = Field(
        default=None,
        alias="deployment:vpc:endpoints",
        description="Interface endpoints: none, the basic set in one zone or in all, or the full set in all.",
    )
    flow_log_retention_days: RetentionDays | None = Field(
        default=None, alias="deployment:vpc:flowLogRetentionDays", description="Days that flow logs are kept."
    )
    access_host: Flag | None = Field(
        default=None,
        alias="deployment:vpc:accessHost",
        description="Whether a host reached by Session Manager only is made, for a private API endpoint.",
    )
    eks_endpoint_access: EndpointAccess | None = Field(
        default=None, alias="deployment:eks:endpointAccess", description="Whether the API endpoint is also public."
    )
    eks_public_access_cidrs: tuple[Cidr, ...] | None = Field(
        default=None,
        alias="deployment:eks:publicAccessCidrs",
        description="CIDRs that may reach the public API endpoint; required where it is public.",
    )
    eks_service_cidr: Cidr | None = Field(
        default=None, alias="deployment:eks:serviceCidr", description="Range of Kubernetes Services."
    )
    eks_support_type: SupportType | None = Field(
        default=None,
        alias="deployment:eks:supportType",
        description="STANDARD upgrades the cluster when standard support ends; EXTENDED keeps it, at a price.",
    )
    eks_log_retention_days: RetentionDays | None = Field(
        default=None, alias="deployment:eks:logRetentionDays", description="Days that control-plane logs are kept."
    )
    system_instance_types: tuple[InstanceType, ...] | None = Field(
        default=None,
        alias="deployment:eks:systemInstanceTypes",
        min_length=1,
        description="Instance types of the system nodes.",
    )
    system_min_nodes: Annotated[int, Field(strict=True, ge=1, le=20)] | None = Field(
        default=None, alias="deployment:eks:systemMinNodes", description="Least number of system nodes."
    )
    system_max_nodes: Annotated[int, Field(strict=True, ge=1, le=20)] | None = Field(
        default=None, alias="deployment:eks:systemMaxNodes", description="Largest number of system nodes."
    )
    extra_addons: tuple[DnsLabel, ...] = Field(
        default=(), alias="deployment:eks:extraAddons", description="Optional EKS add-ons beside those always there."
    )
    sizing: SizingProfile | None = Field(
        default=None, alias="deployment:sizing", description="How many nodes of which type, and the controllers' share."
    )
    pools: tuple[PoolChange, ...] = Field(
        default=(),
        alias="deployment:karpenter:pools",
        description="Further node pools, and changes to the environment's (platform, workloads) by name.",
    )
    aurora_readers: Annotated[int, Field(strict=True, ge=0, le=5)] | None = Field(
        default=None, alias="deployment:aurora:readers", description="Reader instances beside the writer."
    )
    aurora_backup_retention_days: Annotated[int, Field(strict=True, ge=1, le=35)] | None = Field(
        default=None, alias="deployment:aurora:backupRetentionDays", description="Days that backups are kept."
    )
    database_bootstrap_image: ImageDigest | None = Field(
        default=None,
        alias="deployment:aurora:bootstrapImage",
        description="Image of the job that makes users and places on the database. Without it: tag v1 "
        "(deployment:version) of our own repository platform/database-bootstrap.",
    )
    backup_object_lock_days: Annotated[int, Field(strict=True, ge=0, le=3650)] | None = Field(
        default=None,
        alias="deployment:storage:backupObjectLockDays",
        description="Days that objects in the backups bucket can't be deleted; 0 is no object lock.",
    )
    account_ecr_registry: Ownership | None = Field(
        default=None, alias="deployment:account:ecrRegistry", description="ECR scanning and replication settings."
    )
    account_ebs_encryption: Ownership | None = Field(
        default=None, alias="deployment:account:ebsEncryption", description="EBS encryption by default."
    )
    account_s3_public_access: Ownership | None = Field(
        default=None, alias="deployment:account:s3PublicAccessBlock", description="S3 block of public access."
    )
    account_password_policy: Ownership | None = Field(
        default=None, alias="deployment:account:passwordPolicy", description="IAM password policy."
    )
    account_github_oidc: Ownership | None = Field(
        default=None, alias="deployment:account:githubOidc", description="OIDC provider of GitHub Actions."
    )
    account_spot_role: Ownership | None = Field(
        default=None, alias="deployment:account:spotServiceLinkedRole", description="EC2 Spot's service-linked role."
    )
    shared_owner: Flag | None = Field(
        default=None,
        alias="deployment:shared:owner",
        description="Whether this deployment owns registry and zone, or uses another deployment's.",
    )
    shared_registry_account: AccountId | None = Field(
        default=None, alias="deployment:shared:registryAccount", description="Account of the ECR registry."
    )
    shared_zone_id: HostedZoneId | None = Field(
        default=None, alias="deployment:shared:zoneId", description="An existing Route 53 zone; without it one is made."
    )
    replication_regions: tuple[Region, ...] | None = Field(
        default=None, alias="deployment:shared:replicationRegions", description="Regions that images are copied to."
    )
    replication_accounts: tuple[AccountId, ...] | None = Field(
        default=None, alias="deployment:shared:replicationAccounts", description="Accounts that images are copied to."
    )
    consumer_accounts: tuple[AccountId, ...] | None = Field(
        default=None, alias="deployment:shared:consumerAccounts", description="Further accounts that may pull images."
    )
    replication_source: AccountId | None = Field(
        default=None, alias="deployment:shared:replicationSource", description="Account that copies images to here."
    )
    shared_certificate_arn: CertificateArn | None = Field(
        default=None,
        alias="deployment:shared:certificateArn",
        description="An existing certificate of platform:domain and its subdomains; without it one is made.",
    )
    pull_through_caches: tuple[PullThroughCache, ...] | None = Field(
        default=None,
        alias="deployment:shared:pullThroughCaches",
        description="Upstream registries cached in ECR; github and docker-hub need credentials.",
    )
    cache_credentials: tuple[PullThroughCache, ...] | None = Field(
        default=None,
        alias="deployment:shared:cacheCredentials",
        description="Upstreams whose credential was stored in its secret; ECR makes their cache only then.",
    )
    ingress_public_cidrs: tuple[Cidr, ...] | None = Field(
        default=None, alias="deployment:ingress:publicCidrs", description="CIDRs that may reach public components."
    )
    ingress_waf: Flag | None = Field(
        default=None, alias="deployment:ingress:waf", description="Whether a web ACL guards the public load balancer."
    )
    github_organization: GitHubName | None = Field(
        default=None, alias="deployment:github:organization", description="Organization whose members may sign in."
    )
    github_admin_team: GitHubName | None = Field(
        default=None, alias="deployment:github:adminTeam", description="Team that administers the components."
    )
    github_app: GitHubApp | None = Field(
        default=None,
        alias="deployment:github:app",
        description="GitHub App of secret api/github; previews need it, and so do private repositories and deliveries "
        "of teams' workflows.",
    )
