"""What a team owns in AWS: image repositories, empty secrets, a budget, and its entry in the catalog."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.budgets_budget import BudgetsBudget, BudgetsBudgetCostFilter
from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
from cdktf_cdktf_provider_aws.s3_object import S3Object
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from cdktf_cdktf_provider_aws.secretsmanager_secret_policy import SecretsmanagerSecretPolicy

from config.names import team_namespace
from config.teams import Team
from constructs_lib.account.spending import NOTICES, cost_notification
from constructs_lib.checkov import rotated_by
from constructs_lib.data.secret_containers import RECOVERY_DAYS, own_account_only
from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.registry import lifecycle
from constructs_lib.registry.repositories import consumer_policy
from constructs_lib.registry.table import NAMESPACE_TAG
from constructs_lib.stack import PlatformStack
from constructs_lib.teams.catalog import PREFIX, entities
from constructs_lib.teams.names import owner, repository_prefix, secrets_path

CATALOG_FILE = "values/catalog.yaml"


def repositories(stack: PlatformStack, team: Team, *, key_arn: str) -> None:
    """``team/<name>/<repository>``: immutable tags, scanned, encrypted by the key ``key_arn``, kept.

    Workflows of the namespace that the tag names may push.

    Nothing where another deployment owns the registry: its account makes them.
    """
    if not (team.repositories and stack.deployment.shared.owner):
        return
    policy, consumers = lifecycle.built(stack), consumer_policy(stack)
    for repository in team.repositories:
        # Two underscores, which no name without a slash gives.
        name = address("repository", repository.replace("/", "--"))
        made = stack.add(
            EcrRepository,
            name,
            name=f"{repository_prefix(team.name)}{repository}",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="KMS", kms_key=key_arn)],
            tags={NAMESPACE_TAG: team_namespace(team.name)},
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        stack.add(EcrLifecyclePolicy, name, repository=made.name, policy=policy)
        if consumers is not None:
            stack.add(EcrRepositoryPolicy, name, repository=made.name, policy=consumers)


def secrets(stack: PlatformStack, team: Team, *, key_arn: str) -> None:
    """``/<id>/team/<name>/<secret>``, empty: developers write the values, the team's store reads them."""
    if not team.secrets:
        return
    policy = policy_document(stack, "secret_containers", own_account_only(stack.deployment.platform.account))
    for secret in team.secrets:
        name = address("secret", secret)
        made = stack.add(
            SecretsmanagerSecret,
            name,
            name=f"/{stack.deployment.id}/{secrets_path(team.name)}{secret}",
            description=f"Made by developers of team {team.name}, read by the store of its namespace",
            kms_key_id=key_arn,
            recovery_window_in_days=RECOVERY_DAYS,
        )
        stack.waive(f"aws_secretsmanager_secret.{name}", **rotated_by(f"developers of team {team.name}"))
        stack.add(SecretsmanagerSecretPolicy, name, secret_arn=made.arn, policy=policy, block_public_policy=True)


def budget(stack: PlatformStack, team: Team) -> None:
    """The monthly budget of what carries the team's tag; the owner is told at 80 % and 100 %, and by forecast.

    AWS counts a tag once it is active as cost allocation tag (AWS Billing User Guide, "Using user-defined cost
    allocation tags"). Pods have no tags: docs/TEAM_ONBOARDING.md says what shows their share.
    """
    if team.monthly_budget_usd is None:
        return
    stack.add(
        BudgetsBudget,
        "budget",
        name=stack.naming.name("team", team.name),
        budget_type="COST",
        limit_amount=str(team.monthly_budget_usd),
        limit_unit="USD",
        time_unit="MONTHLY",
        # The form of user-defined tags (AWS Budgets API reference, Budget, CostFilters).
        cost_filter=[BudgetsBudgetCostFilter(name="TagKeyValue", values=[f"user:team${team.name}"])],
        notification=[cost_notification(kind, percent, [owner(stack.deployment, team)]) for kind, percent in NOTICES],
    )


def catalog_entry(stack: PlatformStack, team: Team, *, bucket: str) -> None:
    """The team's Group and Users, where Backstage discovers them: an object of the TechDocs bucket."""
    stack.asset(CATALOG_FILE, entities(stack.deployment, team))
    path = f"${{path.module}}/{CATALOG_FILE}"
    stack.add(
        S3Object,
        "catalog",
        bucket=bucket,
        key=f"{PREFIX}{team.name}.yaml",
        source=path,
        # Not etag: of an object that KMS encrypts it is no digest of the contents (provider documentation, s3_object).
        source_hash=f'${{filemd5("{path}")}}',
        content_type="application/yaml",
    )
