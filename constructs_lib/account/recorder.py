"""AWS Config: what is configured how, and when that changed; and the conformance pack that judges it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.config_configuration_recorder import (
    ConfigConfigurationRecorder,
    ConfigConfigurationRecorderRecordingGroup,
)
from cdktf_cdktf_provider_aws.config_configuration_recorder_status import ConfigConfigurationRecorderStatus
from cdktf_cdktf_provider_aws.config_conformance_pack import ConfigConformancePack
from cdktf_cdktf_provider_aws.config_delivery_channel import (
    ConfigDeliveryChannel,
    ConfigDeliveryChannelSnapshotDeliveryProperties,
)
from cdktf_cdktf_provider_aws.iam_service_linked_role import IamServiceLinkedRole
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy

from constructs_lib.account.conformance import template
from constructs_lib.account.conformance_rules import RULES
from constructs_lib.account.logs import MANAGED, history_bucket
from constructs_lib.stack import PlatformStack

NAME = "recorder"
PACK = "pci_dss"


def recorder(
    stack: PlatformStack, key: KmsKey | None, access: S3BucketPolicy | None
) -> ConfigConfigurationRecorderStatus | None:
    """Record all resources, IAM's too, under the service-linked role; returns what starts the recorder.

    The service-linked role, since Security Hub asks for it (control Config.1), and since its rights follow AWS Config's
    needs. AWS refuses to make it twice: ADR 0027 says what then.
    """
    if stack.deployment.account.config_recorder != MANAGED or key is None or access is None:
        return None
    role = stack.add(
        IamServiceLinkedRole,
        NAME,
        aws_service_name="config.amazonaws.com",
        description="AWS Config reads how resources are configured",
    )
    made = stack.add(
        ConfigConfigurationRecorder,
        NAME,
        name=stack.naming.name(NAME),
        role_arn=role.arn,
        recording_group=ConfigConfigurationRecorderRecordingGroup(
            all_supported=True, include_global_resource_types=True
        ),
    )
    bucket, policy = history_bucket(stack, key, access)
    channel = stack.add(
        ConfigDeliveryChannel,
        NAME,
        name=stack.naming.name(NAME),
        s3_bucket_name=bucket.id,
        s3_kms_key_arn=key.arn,
        snapshot_delivery_properties=ConfigDeliveryChannelSnapshotDeliveryProperties(
            delivery_frequency="TwentyFour_Hours"
        ),
        depends_on=[made, policy],
    )
    running = stack.add(ConfigConfigurationRecorderStatus, NAME, name=made.name, is_enabled=True, depends_on=[channel])
    stack.serves(f"aws_config_configuration_recorder.{NAME}", "1.2.8", "2.2.1", "11.5.2", "12.5.1")
    stack.serves(f"aws_config_configuration_recorder_status.{NAME}", "11.5.2")
    _pack(stack, running)
    return running


def _pack(stack: PlatformStack, running: ConfigConfigurationRecorderStatus) -> None:
    stack.add(
        ConfigConformancePack,
        PACK,
        name=stack.naming.name("pci-dss"),
        template_body=template(),
        depends_on=[running],
    )
    stack.serves(f"aws_config_conformance_pack.{PACK}", *sorted({rule.requirement for rule in RULES}))
