"""EKS add-ons and Pod Identity associations as resources."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.eks_addon import EksAddon
from cdktf_cdktf_provider_aws.eks_pod_identity_association import EksPodIdentityAssociation

from config.versions import addon_version
from constructs_lib.addons.eks_addons import Addon, addons, guardduty_agent
from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.engine import TerraformLocal, TerraformResource
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack


def associate(
    stack: PlatformStack, service_account: str, role_arn: str, *, namespace: str = KUBE_SYSTEM
) -> EksPodIdentityAssociation:
    """Give ``service_account`` the role ``role_arn``.

    Pods take it up when they are made: what runs them must depend on the association.
    """
    stack.serves(f"aws_eks_pod_identity_association.{address(service_account)}", "7.2.5", "8.6.1")
    return stack.add(
        EksPodIdentityAssociation,
        address(service_account),
        cluster_name=stack.naming.cluster,
        namespace=namespace,
        service_account=service_account,
        role_arn=role_arn,
    )


def install_addons(stack: PlatformStack, role_arns: Mapping[str, str]) -> dict[str, EksAddon]:
    """Every add-on after the nodes, by name; coredns first, since the others resolve names. Roles are by workload."""
    made: dict[str, EksAddon] = {}
    for addon in addons(stack.deployment):
        made[addon.name] = _install(stack, addon, role_arns, after=made.get("coredns"))
    return made


def install_guardduty_agent(stack: PlatformStack, *, after: TerraformResource) -> None:
    """GuardDuty's agent where the detector is the deployment's. ``after`` makes its namespace, with our labels: made by
    the add-on it would be one whose pods Kyverno refuses."""
    if stack.deployment.account.guardduty == "managed":
        addon = guardduty_agent()
        stack.serves(f"aws_eks_addon.{address(addon.name)}", "5.2.2", "5.3.2", "11.5.1")
        _install(stack, addon, {}, after=after)


def _install(
    stack: PlatformStack, addon: Addon, role_arns: Mapping[str, str], after: TerraformResource | None
) -> EksAddon:
    configuration = None
    if addon.configuration:
        stack.add(TerraformLocal, address(addon.name), dict(addon.configuration))
        configuration = f"${{jsonencode(local.{address(addon.name)})}}"
    association = None
    if addon.service_account and addon.workload:
        association = associate(stack, addon.service_account, role_arns[addon.workload])
    return stack.add(
        EksAddon,
        address(addon.name),
        cluster_name=stack.naming.cluster,
        addon_name=addon.name,
        addon_version=addon_version(addon.name, stack.deployment.eks.version),
        configuration_values=configuration,
        # What is configured here wins, over a half-made add-on and over edits in the cluster: those would be drift.
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        depends_on=[needed for needed in (after, association) if needed is not None] or None,
    )
