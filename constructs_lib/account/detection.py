"""What looks for intrusions, weak configuration, vulnerabilities and access from outside."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.accessanalyzer_analyzer import AccessanalyzerAnalyzer
from cdktf_cdktf_provider_aws.guardduty_detector import GuarddutyDetector
from cdktf_cdktf_provider_aws.guardduty_detector_feature import (
    GuarddutyDetectorFeature,
    GuarddutyDetectorFeatureAdditionalConfiguration,
)
from cdktf_cdktf_provider_aws.inspector2_enabler import Inspector2Enabler
from cdktf_cdktf_provider_aws.macie2_account import Macie2Account
from cdktf_cdktf_provider_aws.securityhub_account import SecurityhubAccount
from cdktf_cdktf_provider_aws.securityhub_standards_subscription import SecurityhubStandardsSubscription

from constructs_lib.account.logs import MANAGED
from constructs_lib.engine import TerraformElement
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

# GuardDuty API reference, DetectorFeatureConfiguration; RUNTIME_MONITORING is below. Feature → requirements.
FEATURES = {
    "S3_DATA_EVENTS": ("10.4.1.1", "11.5.1"),
    "EKS_AUDIT_LOGS": ("10.4.1.1", "11.5.1"),
    "EBS_MALWARE_PROTECTION": ("5.2.1", "5.2.2", "5.3.2"),
    "RDS_LOGIN_EVENTS": ("10.4.1.1", "11.5.1"),
    "LAMBDA_NETWORK_LOGS": ("11.5.1",),
}
# Where GuardDuty would put agents itself. The cluster has its own add-on, with our endpoint; there is no ECS, and
# Bottlerocket takes no agent beside it.
AGENTS = ("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT")
_ENABLED, _DISABLED = "ENABLED", "DISABLED"


def guardduty(stack: PlatformStack) -> None:
    """The detector of this region with its features, and runtime monitoring by agents that we install."""
    if stack.deployment.account.guardduty != MANAGED:
        return
    detector = stack.add(GuarddutyDetector, "account", enable=True, finding_publishing_frequency="FIFTEEN_MINUTES")
    stack.serves("aws_guardduty_detector.account", "5.2.1", "5.3.1", "10.4.1", "10.4.1.1", "11.5.1", "12.10.5")
    stack.waive(
        "aws_guardduty_detector.account",
        CKV2_AWS_3="An organization's detectors are its landing zone's; the key then says existing, and none is "
        "made here.",
    )
    for feature, requirements in FEATURES.items():
        name = address(feature.lower())
        stack.add(GuarddutyDetectorFeature, name, detector_id=detector.id, name=feature, status=_ENABLED)
        stack.serves(f"aws_guardduty_detector_feature.{name}", *requirements)
    stack.add(
        GuarddutyDetectorFeature,
        "runtime_monitoring",
        detector_id=detector.id,
        name="RUNTIME_MONITORING",
        status=_ENABLED,
        additional_configuration=[
            GuarddutyDetectorFeatureAdditionalConfiguration(name=agent, status=_DISABLED) for agent in AGENTS
        ],
    )
    stack.serves("aws_guardduty_detector_feature.runtime_monitoring", "5.2.2", "5.3.2", "11.5.1", "11.5.1.1")


def security_hub(stack: PlatformStack, after: Sequence[TerraformElement | None]) -> None:
    """Security Hub with the standard PCI DSS v4.0.1, and no other: what it looks at, AWS Config records.

    Source of the ARN: AWS Security Hub User Guide, "PCI DSS in Security Hub CSPM".
    """
    if stack.deployment.account.security_hub != MANAGED:
        return
    hub = stack.add(
        SecurityhubAccount,
        "account",
        enable_default_standards=False,
        auto_enable_controls=True,
        # One finding of a control, however many standards have it.
        control_finding_generator="SECURITY_CONTROL",
        depends_on=[element for element in after if element is not None] or None,
    )
    region = stack.deployment.platform.region
    stack.add(
        SecurityhubStandardsSubscription,
        "pci_dss",
        standards_arn=f"arn:aws:securityhub:{region}::standards/pci-dss/v/4.0.1",
        depends_on=[hub],
    )
    stack.serves("aws_securityhub_account.account", "10.4.1.1", "12.4.2")
    stack.serves("aws_securityhub_standards_subscription.pci_dss", "1.2.7", "2.2.1", "10.4.1.1", "12.4.2")


def inspector(stack: PlatformStack, *, images: bool) -> Inspector2Enabler | None:
    """What Inspector scans: instances and images where it is managed, else images alone where ``images`` asks for it.

    An account has one enabler in a region, at one address in each case: switching Inspector on changes it in place.
    Returns None where nobody asks, or somebody else owns Inspector.
    """
    ownership = stack.deployment.account.inspector
    kinds = ["EC2", "ECR"] if ownership == MANAGED else ["ECR"] if images and ownership != "existing" else []
    if not kinds:
        return None
    made = stack.add(
        Inspector2Enabler,
        "registry",
        account_ids=[stack.deployment.platform.account],
        resource_types=kinds,
    )
    stack.serves("aws_inspector2_enabler.registry", "6.3.1", "6.3.2", "11.3.1", "11.3.1.2", "11.3.1.3")
    return made


def access_analyzer(stack: PlatformStack) -> None:
    """Who outside of the account reaches its buckets, keys, roles, queues and secrets. Looking for unused access costs
    for each role and month, and is left out."""
    if stack.deployment.account.access_analyzer == MANAGED:
        stack.add(AccessanalyzerAnalyzer, "account", analyzer_name=stack.naming.name("external-access"), type="ACCOUNT")
        stack.serves("aws_accessanalyzer_analyzer.account", "7.2.4", "7.2.5.1")


def macie(stack: PlatformStack) -> None:
    """Macie, which looks into buckets for card numbers that shouldn't be there. Which buckets, a person decides."""
    if stack.deployment.account.macie == MANAGED:
        stack.add(Macie2Account, "account", status=_ENABLED, finding_publishing_frequency="FIFTEEN_MINUTES")
        stack.serves("aws_macie2_account.account", "3.2.1", "12.5.2", "12.10.7")
