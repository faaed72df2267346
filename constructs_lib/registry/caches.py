"""Pull-through caches: their rules, their credentials, and what repositories that ECR makes by itself look like."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.ecr_pull_through_cache_rule import EcrPullThroughCacheRule
from cdktf_cdktf_provider_aws.ecr_repository_creation_template import (
    EcrRepositoryCreationTemplate,
    EcrRepositoryCreationTemplateEncryptionConfiguration,
)
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from cdktf_cdktf_provider_aws.secretsmanager_secret_policy import SecretsmanagerSecretPolicy

from constructs_lib.checkov import rotated_by
from constructs_lib.data.secret_containers import RECOVERY_DAYS, own_account_only
from constructs_lib.data.secrets_table import PERSON
from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.iam.role import role
from constructs_lib.naming import address
from constructs_lib.registry import lifecycle
from constructs_lib.registry.table import Upstream, rule_is_due, upstreams
from constructs_lib.stack import PlatformStack

# How old a credential of an upstream registry may become, in days.
CREDENTIAL_DAYS = 365
CREATION_ROLE = "ecr-creation"


def pull_through_caches(stack: PlatformStack, *, key_arn: str, consumers: str | None) -> None:
    """A cache for each configured upstream, under the upstream's name: ``<registry>/quay/argoproj/argocd``.

    ``consumers`` is the policy of ``repositories.consumer_policy``.
    """
    wanted = upstreams(stack.deployment)
    if not wanted:
        return
    credentials = _credentials(stack, wanted)
    creation_role = _creation_role(stack, key_arn, tuple(f"{upstream.name}/*" for upstream in wanted))
    policy = lifecycle.cached(stack)
    for upstream in wanted:
        name = address(upstream.name)
        template = stack.add(
            EcrRepositoryCreationTemplate,
            name,
            prefix=upstream.name,
            description=f"Repositories that cache {upstream.url}",
            applied_for=["PULL_THROUGH_CACHE"],
            custom_role_arn=creation_role,
            # A moving tag (latest) stays what it was when it was first pulled: ECR doesn't overwrite it then.
            # Source: Amazon ECR User Guide, "Preventing image tags from being overwritten".
            image_tag_mutability="IMMUTABLE",
            encryption_configuration=[
                EcrRepositoryCreationTemplateEncryptionConfiguration(encryption_type="KMS", kms_key=key_arn)
            ],
            lifecycle_policy=policy,
            repository_policy=consumers,
            # Default tags are the provider's own doing and don't reach what ECR makes.
            resource_tags=stack.tags(),
        )
        if rule_is_due(stack.deployment, upstream):
            stack.add(
                EcrPullThroughCacheRule,
                name,
                ecr_repository_prefix=upstream.name,
                upstream_registry_url=upstream.url,
                credential_arn=credentials.get(upstream.name),
                depends_on=[template],
            )


def replicas(stack: PlatformStack, *, key_arn: str) -> None:
    """How repositories look that another account's registry makes here by replication.

    ``ROOT`` is the template of every prefix that has none of its own (Amazon ECR API reference,
    CreateRepositoryCreationTemplate). Without it a replica is encrypted by S3's own key and its tags can be moved.
    """
    stack.add(
        EcrRepositoryCreationTemplate,
        "replicas",
        prefix="ROOT",
        description="Repositories that replication makes",
        applied_for=["REPLICATION"],
        custom_role_arn=_creation_role(stack, key_arn, ("*",)),
        image_tag_mutability="IMMUTABLE",
        encryption_configuration=[
            EcrRepositoryCreationTemplateEncryptionConfiguration(encryption_type="KMS", kms_key=key_arn)
        ],
        lifecycle_policy=lifecycle.mirrored(stack),
        resource_tags=stack.tags(),
    )


def _credentials(stack: PlatformStack, wanted: tuple[Upstream, ...]) -> dict[str, str]:
    """Empty secrets for the upstreams that want a login; upstream → ARN.

    Under the key that AWS manages: ECR takes no other (Amazon ECR User Guide, "Storing your upstream repository
    credentials in an AWS Secrets Manager secret").
    """
    found: dict[str, str] = {}
    with_login = [upstream for upstream in wanted if upstream.credential is not None]
    if not with_login:
        return found
    policy = policy_document(stack, "credentials", own_account_only(stack.deployment.platform.account))
    for upstream in with_login:
        name = address(upstream.name)
        secret = stack.add(
            SecretsmanagerSecret,
            name,
            name=upstream.secret_name,
            description=f"{upstream.credential}; made by: {PERSON}; at most {CREDENTIAL_DAYS} days old",
            recovery_window_in_days=RECOVERY_DAYS,
            tags={"maker": PERSON, "max-age-days": str(CREDENTIAL_DAYS)},
        )
        stack.waive(
            f"aws_secretsmanager_secret.{name}",
            CKV_AWS_149="ECR reads the credentials of upstream registries under no other key than AWS's own.",
            **rotated_by(PERSON),
        )
        stack.add(SecretsmanagerSecretPolicy, name, secret_arn=secret.arn, policy=policy, block_public_policy=True)
        found[upstream.name] = secret.arn
    return found


def _creation_role(stack: PlatformStack, key_arn: str, patterns: tuple[str, ...]) -> str:
    """The role by which ECR makes repositories with a key and tags; its service-linked role may do neither.

    Sources: Amazon ECR User Guide, "Create an IAM role for repository creation templates" (its trust has no condition:
    ECR documents none that it would meet), and "Create a custom policy for repository creation templates".
    """
    naming = stack.naming
    made = role(
        stack,
        CREATION_ROLE,
        description="ECR makes repositories of caches and replicas, with key and tags",
        trust=[Statement(sid="Registry", actions=("sts:AssumeRole",), principals={"Service": ("ecr.amazonaws.com",)})],
        statements=[
            Statement(
                sid="Repositories",
                actions=("ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"),
                resources=tuple(naming.arn("ecr", f"repository/{pattern}") for pattern in patterns),
            ),
            Statement(
                sid="KeyOfRepositories",
                actions=("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"),
                resources=(key_arn,),
            ),
        ],
    )
    return made.arn
