"""The deployment as constructs see it: the environment's rendered ``conf.yaml`` parsed into typed, frozen models.

Every field here is decided; nothing is optional but what an environment may truly lack. The file keys behind the
fields are those of ``config.file``.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from config.compliance import (
    AllowedEgress,
    Audit,
    Backup,
    Egress,
    Events,
    ImageSource,
    NodeHardening,
    Standard,
    Tenancy,
    Transit,
)
from config.components import Components, ImageDigest
from config.cost import Cost
from config.operating import Adoption, UserArn
from config.parts import GitHubApp, GrafanaCloud, Person, Team
from config.policies import Action, FailurePolicy, PolicyException
from config.pools import Karpenter
from config.quotas import RaisedQuotas
from config.sizing import SizingProfile
from config.teams import Overcommit
from config.types import (
    AccountId,
    CertificateArn,
    Cidr,
    DeletionPolicy,
    DnsLabel,
    Domain,
    EndpointAccess,
    EndpointProfile,
    EngineVersion,
    GitBranch,
    GitHubName,
    GitRepository,
    HostedZoneId,
    InstanceType,
    KubernetesMinor,
    LockMode,
    Model,
    NatMode,
    Ownership,
    PrincipalArn,
    PullThroughCache,
    Region,
    RepositoryIds,
    RetentionDays,
    Slug,
    SupportType,
    TagValue,
    TemplateVersion,
    ZoneName,
)


class Platform(Model):
    """Who owns the platform and where it lives."""

    id: Slug
    organization: Slug
    account: AccountId
    region: Region
    domain: Domain
    owner: TagValue
    cost_center: TagValue
    data_classification: TagValue
    repository: GitRepository


class State(Model):
    """Remote state and who may plan and deploy."""

    lock: LockMode
    deploy_branch: GitBranch
    repository_ids: RepositoryIds | None
    atlantis_role: PrincipalArn | None


class Access(Model):
    """Declared identities by what they may do."""

    administrators: tuple[Person, ...]
    operators: tuple[Person, ...]
    viewers: tuple[Person, ...]
    auditors: tuple[Person, ...]
    break_glass: tuple[UserArn, ...]


class Account(Model):
    """Account-wide singletons: managed by us, existing and only used, or off."""

    ecr_registry: Ownership
    ebs_encryption: Ownership
    s3_public_access_block: Ownership
    password_policy: Ownership
    github_oidc: Ownership
    spot_service_linked_role: Ownership
    cloudtrail: Ownership
    cloudtrail_insights: bool
    config_recorder: Ownership
    guardduty: Ownership
    security_hub: Ownership
    inspector: Ownership
    access_analyzer: Ownership
    macie: Ownership
    alarms: Ownership


class Vpc(Model):
    cidr: Cidr
    zones: tuple[ZoneName, ...] = Field(min_length=2, max_length=3)
    nat_gateways: NatMode
    endpoints: EndpointProfile
    flow_log_retention_days: RetentionDays
    access_host: bool
    egress: Egress
    allowed_egress: tuple[AllowedEgress, ...]
    tenancy: Tenancy


class Aurora(Model):
    min_capacity: float
    max_capacity: float
    engine_version: EngineVersion
    readers: int
    backup_retention_days: int
    log_retention_days: RetentionDays
    bootstrap_image: ImageDigest | None


class Storage(Model):
    artifact_expiry_days: int
    backup_object_lock_days: int


class Shared(Model):
    """Registry and zone: owned by one deployment, used by the others."""

    owner: bool
    registry_account: AccountId
    zone_id: HostedZoneId | None
    replication_regions: tuple[Region, ...]
    replication_accounts: tuple[AccountId, ...]
    replication_source: AccountId | None
    consumer_accounts: tuple[AccountId, ...]
    certificate_arn: CertificateArn | None
    images: ImageSource
    pull_through_caches: tuple[PullThroughCache, ...]
    cache_credentials: tuple[PullThroughCache, ...]


class SystemNodes(Model):
    instance_types: tuple[InstanceType, ...] = Field(min_length=1)
    min: int
    desired: int
    max: int
    max_pods: int
    disk_gib: int


class Eks(Model):
    version: KubernetesMinor
    support_type: SupportType
    endpoint_access: EndpointAccess
    public_access_cidrs: tuple[Cidr, ...]
    service_cidr: Cidr
    log_retention_days: RetentionDays
    system_nodes: SystemNodes
    extra_addons: tuple[DnsLabel, ...]


class Ingress(Model):
    """Who reaches the public load balancer, and whether a web ACL is in front of it."""

    public_cidrs: tuple[Cidr, ...] = Field(min_length=1)
    waf: bool


class GitHub(Model):
    """Where people sign in: members of ``organization``; those of ``admin_team`` administer the components."""

    organization: GitHubName
    admin_team: GitHubName
    app: GitHubApp | None


class Policy(Model):
    """What the environment forbids; the rules of ``config.rules`` read it. Not settable in the deployment file."""

    standard: Standard
    public_endpoint: bool
    deletion_policies: tuple[DeletionPolicy, ...] = Field(min_length=1)
    backstage_min_replicas: int
    spot: bool
    team_internet: bool
    weaker_policies: bool
    admission_failure: FailurePolicy


class Deployment(Model):
    """One platform instance, complete."""

    id: Slug
    environment: Slug
    version: TemplateVersion
    deletion_policy: DeletionPolicy
    policy: Policy
    platform: Platform
    state: State
    access: Access
    adopt: Adoption
    account: Account
    vpc: Vpc
    aurora: Aurora
    storage: Storage
    cost: Cost
    audit: Audit
    backup: Backup
    nodes: NodeHardening
    transit: Transit
    events: Events
    shared: Shared
    eks: Eks
    sizing: SizingProfile
    karpenter: Karpenter
    ingress: Ingress
    github: GitHub
    components: Components
    teams: tuple[Team, ...]
    quota_overcommit: Overcommit
    service_quotas: RaisedQuotas
    grafana_cloud: GrafanaCloud | None
    policies: Mapping[str, Action]
    policy_changes: Mapping[str, Action]
    policy_exceptions: tuple[PolicyException, ...]

    def action(self, policy: str) -> Action:
        """What ``policy`` does. Raises KeyError where there is no such policy."""
        return self.policy_changes.get(policy, self.policies[policy])
