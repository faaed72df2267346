"""Empty secrets with their policies, as the table names them. Values never pass through Terraform."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from cdktf_cdktf_provider_aws.secretsmanager_secret_policy import SecretsmanagerSecretPolicy

from constructs_lib.checkov import rotated_by
from constructs_lib.data.secrets_table import Secret, full_path, rows
from constructs_lib.iam.document import Statement, when
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

# The longest that Secrets Manager allows (7 to 30 days): API reference, DeleteSecret.
RECOVERY_DAYS = 30


def secret_containers(stack: PlatformStack, *, key_arn: str) -> dict[str, str]:
    """One empty secret for each row of the table; path → ARN."""
    policy = policy_document(stack, "secrets", own_account_only(stack.deployment.platform.account))
    return {
        full_path(stack.deployment, secret): _container(stack, secret, key_arn, policy)
        for secret in rows(stack.deployment)
    }


def own_account_only(account: str) -> list[Statement]:
    """Denies other accounts and plain HTTP. Who may read within the account is decided by IAM.

    A call that AWS makes itself carries no account; ``aws:PrincipalIsAWSService`` keeps it out of the first statement
    (IAM User Guide, "AWS global condition context keys").
    """
    return [
        Statement(
            sid="DenyOtherAccounts",
            deny=True,
            actions=("secretsmanager:*",),
            resources=("*",),
            principals={"*": ("*",)},
            conditions=(
                when("StringNotEquals", "aws:PrincipalAccount", account),
                when("Bool", "aws:PrincipalIsAWSService", "false"),
            ),
        ),
        Statement(
            sid="DenyInsecureTransport",
            deny=True,
            actions=("secretsmanager:*",),
            resources=("*",),
            principals={"*": ("*",)},
            conditions=(when("Bool", "aws:SecureTransport", "false"),),
        ),
    ]


def _container(stack: PlatformStack, secret: Secret, key_arn: str, policy: str) -> str:
    name = address(secret.path)
    container = stack.add(
        SecretsmanagerSecret,
        name,
        name=full_path(stack.deployment, secret),
        description=f"{secret.holds}; made by: {secret.maker}; at most {secret.rotation_days} days old",
        kms_key_id=key_arn,
        recovery_window_in_days=RECOVERY_DAYS,
        tags={"maker": secret.maker, "max-age-days": str(secret.rotation_days)},
    )
    stack.serves(f"aws_secretsmanager_secret.{name}", "8.3.2", "8.6.2", "8.6.3")
    stack.serves(f"aws_secretsmanager_secret_policy.{name}", "7.3.3", "8.3.2")
    stack.waive(f"aws_secretsmanager_secret.{name}", **rotated_by(secret.maker))
    stack.add(SecretsmanagerSecretPolicy, name, secret_arn=container.arn, policy=policy, block_public_policy=True)
    return container.arn
