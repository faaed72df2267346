"""Copies of what must not be lost, in a locked vault: beside the data, in a state of its own."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags

from config.deployment import Deployment
from constructs_lib.backup.plan import daily_plan
from constructs_lib.backup.vault import locked_vault
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from stacks.contracts import DataOutputs


class BackupStack(PlatformStack):
    """Declares no outputs: nothing reads a vault. Reads the data's, since it backs that up and goes before it."""

    layer = "foundation"
    stack = "backup"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.read(DataOutputs)
        days = deployment.backup.retention_days
        copy = None
        if deployment.backup.copy_region is not None:
            elsewhere = AwsProvider(
                self,
                "aws_copy",
                alias="copy",
                region=deployment.backup.copy_region,
                allowed_account_ids=[deployment.platform.account],
                default_tags=[AwsProviderDefaultTags(tags=self.tags())],
            )
            copy = locked_vault(self, "backup-copies", keep_days=days, provider=elsewhere)
        daily_plan(self, locked_vault(self, "backups", keep_days=days), copy)
