"""What an account or a region has once: each is managed here, exists already, or is off (docs/adr/0003)."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.ebs_encryption_by_default import EbsEncryptionByDefault
from cdktf_cdktf_provider_aws.ecr_registry_policy import EcrRegistryPolicy
from cdktf_cdktf_provider_aws.ecr_registry_scanning_configuration import (
    EcrRegistryScanningConfiguration,
    EcrRegistryScanningConfigurationRule,
    EcrRegistryScanningConfigurationRuleRepositoryFilter,
)
from cdktf_cdktf_provider_aws.ecr_replication_configuration import (
    EcrReplicationConfiguration,
    EcrReplicationConfigurationReplicationConfiguration,
    EcrReplicationConfigurationReplicationConfigurationRule,
    EcrReplicationConfigurationReplicationConfigurationRuleDestination,
    EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter,
)
from cdktf_cdktf_provider_aws.iam_account_password_policy import IamAccountPasswordPolicy
from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktf_cdktf_provider_aws.iam_service_linked_role import IamServiceLinkedRole
from cdktf_cdktf_provider_aws.s3_account_public_access_block import S3AccountPublicAccessBlock

from constructs_lib.account.detection import inspector
from constructs_lib.iam.policy import policy_document
from constructs_lib.iam.trust import GITHUB_OIDC_HOST
from constructs_lib.registry.settings import registry_permissions, replicated_prefixes, replication_destinations
from constructs_lib.stack import PlatformStack

MANAGED = "managed"


def registry_settings(stack: PlatformStack) -> None:
    """Scan by Inspector, replicate into the declared regions and accounts, and say what the registry permits.

    For the registry's owner, and for a deployment whose own registry another account's fills by replication.
    """
    deployment = stack.deployment
    filled = deployment.shared.replication_source is not None
    ours = deployment.account.ecr_registry == MANAGED and (deployment.shared.owner or filled)
    enabler = inspector(stack, images=ours)
    if not ours:
        return
    everything = EcrRegistryScanningConfigurationRuleRepositoryFilter(filter="*", filter_type="WILDCARD")
    stack.add(
        EcrRegistryScanningConfiguration,
        "registry",
        scan_type="ENHANCED",
        rule=[
            EcrRegistryScanningConfigurationRule(scan_frequency="CONTINUOUS_SCAN", repository_filter=[everything]),
        ],
        depends_on=[enabler] if enabler else None,
    )
    stack.serves("aws_ecr_registry_scanning_configuration.registry", "6.3.1", "11.3.1", "11.3.1.3")
    if deployment.shared.owner:
        _replication(stack)
    permissions = registry_permissions(stack.naming, deployment)
    if permissions:
        stack.add(EcrRegistryPolicy, "registry", policy=policy_document(stack, "registry", permissions))


def _replication(stack: PlatformStack) -> None:
    """Copies of what CI builds: caches aren't copied, since each region can have its own."""
    destinations = [
        EcrReplicationConfigurationReplicationConfigurationRuleDestination(region=region, registry_id=account)
        for region, account in replication_destinations(stack.deployment)
    ]
    if not destinations:
        return
    filters = [
        EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter(
            filter=prefix, filter_type="PREFIX_MATCH"
        )
        for prefix in replicated_prefixes(stack.deployment)
    ]
    rule = EcrReplicationConfigurationReplicationConfigurationRule(destination=destinations, repository_filter=filters)
    stack.add(
        EcrReplicationConfiguration,
        "registry",
        replication_configuration=EcrReplicationConfigurationReplicationConfiguration(rule=[rule]),
    )


def ebs_encryption(stack: PlatformStack) -> None:
    """Every new volume and snapshot copy is encrypted, whoever makes it."""
    if stack.deployment.account.ebs_encryption == MANAGED:
        stack.add(EbsEncryptionByDefault, "volumes", enabled=True)
        stack.serves("aws_ebs_encryption_by_default.volumes", "3.5.1")


def s3_public_access(stack: PlatformStack) -> None:
    """No bucket of the account can be public, whatever its own settings say."""
    if stack.deployment.account.s3_public_access_block == MANAGED:
        stack.add(
            S3AccountPublicAccessBlock,
            "account",
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        stack.serves("aws_s3_account_public_access_block.account", "1.4.4", "7.2.1")


def password_policy(stack: PlatformStack) -> None:
    """Passwords of IAM users, for accounts that still have any.

    Sources: PCI DSS v4.0.1 8.3.6, 8.3.7, 8.3.9 (at least 12 characters, last 4 not reused, 90 days) and CIS AWS
    Foundations Benchmark v3 1.8, 1.9 (at least 14 characters, last 24 not reused); the stricter value of each.
    """
    if stack.deployment.account.password_policy == MANAGED:
        stack.add(
            IamAccountPasswordPolicy,
            "account",
            minimum_password_length=14,
            password_reuse_prevention=24,
            max_password_age=90,
            require_lowercase_characters=True,
            require_uppercase_characters=True,
            require_numbers=True,
            require_symbols=True,
            allow_users_to_change_password=True,
        )
        stack.serves("aws_iam_account_password_policy.account", "8.3.6", "8.3.7", "8.3.9")


def github_oidc(stack: PlatformStack) -> None:
    """The identity provider of GitHub Actions, which the deployer's and the planner's trust names.

    No thumbprint: IAM checks this provider's certificate against its own trusted authorities (IAM User Guide, "Obtain
    the thumbprint for an OpenID Connect identity provider").
    """
    if stack.deployment.account.github_oidc == MANAGED:
        stack.add(
            IamOpenidConnectProvider,
            "github",
            url=f"https://{GITHUB_OIDC_HOST}",
            client_id_list=["sts.amazonaws.com"],
        )
        stack.serves("aws_iam_openid_connect_provider.github", "8.6.1", "8.6.2")


def spot_role(stack: PlatformStack) -> None:
    """The role by which EC2 launches Spot instances for Karpenter, whose own policy can't make service-linked roles.

    Source: EC2 User Guide, "Service-linked role for Spot Instance requests"; Karpenter guide "Getting Started".
    """
    if stack.deployment.account.spot_service_linked_role == MANAGED:
        stack.add(
            IamServiceLinkedRole,
            "spot",
            aws_service_name="spot.amazonaws.com",
            description="EC2 launches and manages Spot instances",
        )
