"""The system node group: the nodes that Karpenter and the cluster's own add-ons run on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.eks_cluster import EksCluster
from cdktf_cdktf_provider_aws.eks_node_group import (
    EksNodeGroup,
    EksNodeGroupLaunchTemplate,
    EksNodeGroupScalingConfig,
    EksNodeGroupTaint,
    EksNodeGroupUpdateConfig,
)
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplate,
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateMetadataOptions,
    LaunchTemplateTagSpecifications,
)

from constructs_lib.eks.hardening import ami_type, hardened, node_requirements
from constructs_lib.eks.node_settings import POOL_LABEL, SYSTEM_POOL, TAINT_KEY, group_name, user_data
from constructs_lib.eks.roles import role_with
from constructs_lib.engine import TerraformLocal, TerraformResource, TerraformResourceLifecycle
from constructs_lib.iam.document import Statement
from constructs_lib.stack import PlatformStack

# Bottlerocket's two volumes: /dev/xvda the system image, /dev/xvdb images, logs and pods' scratch space.
# Source: Bottlerocket documentation, "Storage".
_SYSTEM_DEVICE, _DATA_DEVICE = "/dev/xvda", "/dev/xvdb"
_SYSTEM_GIB = 4
# The CNI's policy isn't among them: aws-node has a role of its own, by Pod Identity. Source: Amazon EKS User Guide,
# "Amazon EKS node IAM role"; eks-auth:AssumeRoleForPodIdentity is part of AmazonEKSWorkerNodePolicy.
NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")


@dataclass(frozen=True, kw_only=True)
class SystemNodesProps:
    """``subnet_ids`` are private subnets by zone. ``wait_for`` must be there before the first node, and go after the
    last: add-ons and security group rules."""

    subnet_ids: Mapping[str, str]
    security_group_id: str
    volume_key_arn: str
    wait_for: Sequence[TerraformResource]


def system_nodes(stack: PlatformStack, cluster: EksCluster, props: SystemNodesProps) -> IamRole:
    """The group, on demand and tainted for critical add-ons; returns the nodes' role.

    EKS takes the newest Bottlerocket release for the cluster's minor when the group is made, when the minor changes and
    when the launch template changes; ``aws eks update-nodegroup-version`` takes it in between. Nodes are replaced one
    at a time, and never against a disruption budget.
    """
    settings = stack.deployment.eks.system_nodes
    role, attachments = role_with(
        stack,
        "system-node",
        service="ec2.amazonaws.com",
        description="System nodes: join the cluster, pull images, Session Manager",
        managed=NODE_POLICIES,
        statements=pull_through(stack),
    )
    template = _launch_template(stack, props)
    stack.serves(f"aws_eks_node_group.{SYSTEM_POOL}", *node_requirements(stack.deployment, settings.instance_types))
    stack.add(
        EksNodeGroup,
        SYSTEM_POOL,
        cluster_name=cluster.name,
        node_group_name=group_name(settings.instance_types),
        node_role_arn=role.arn,
        subnet_ids=list(props.subnet_ids.values()),
        version=cluster.version,
        ami_type=ami_type(stack.deployment),
        capacity_type="ON_DEMAND",
        instance_types=list(settings.instance_types),
        # As text: the engine would print its number token as a float.
        launch_template=EksNodeGroupLaunchTemplate(
            id=template.id, version=f"${{aws_launch_template.{SYSTEM_POOL}.latest_version}}"
        ),
        # Not ignored: nothing scales this group (Karpenter makes nodes of its own), and with the desired size ignored
        # EKS would refuse a larger minimum. The room up to the maximum is for updates and for people in an incident.
        scaling_config=EksNodeGroupScalingConfig(
            min_size=settings.min, desired_size=settings.desired, max_size=settings.max
        ),
        update_config=EksNodeGroupUpdateConfig(max_unavailable=1),
        labels={POOL_LABEL: SYSTEM_POOL},
        taint=[EksNodeGroupTaint(key=TAINT_KEY, value="true", effect="NO_SCHEDULE")],
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        depends_on=[*props.wait_for, *attachments],
    )
    return role


def _launch_template(stack: PlatformStack, props: SystemNodesProps) -> LaunchTemplate:
    settings = stack.deployment.eks.system_nodes
    if hardened(stack.deployment):
        stack.serves(f"aws_launch_template.{SYSTEM_POOL}", "2.2.1", "2.2.4", "2.2.6")
    stack.add(TerraformLocal, "system_user_data", user_data(stack.deployment))
    name = stack.naming.name(SYSTEM_POOL)
    # The provider's default tags stop at the template; what it launches takes these.
    tags = stack.tags() | {"Name": name}
    return stack.add(
        LaunchTemplate,
        SYSTEM_POOL,
        name=name,
        description="System nodes of the cluster",
        update_default_version=True,
        user_data="${base64encode(local.system_user_data)}",
        vpc_security_group_ids=[props.security_group_id],
        # One hop: an answer of the metadata service can't cross into a pod's network, and pods use Pod Identity.
        metadata_options=LaunchTemplateMetadataOptions(
            http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
        ),
        block_device_mappings=[
            _volume(_SYSTEM_DEVICE, _SYSTEM_GIB, props.volume_key_arn),
            _volume(_DATA_DEVICE, settings.disk_gib, props.volume_key_arn),
        ],
        tag_specifications=[
            LaunchTemplateTagSpecifications(resource_type=kind, tags=tags)
            for kind in ("instance", "network-interface", "volume")
        ],
    )


def _volume(device: str, size: int, key_arn: str) -> LaunchTemplateBlockDeviceMappings:
    return LaunchTemplateBlockDeviceMappings(
        device_name=device,
        ebs=LaunchTemplateBlockDeviceMappingsEbs(
            volume_type="gp3", volume_size=size, encrypted="true", kms_key_id=key_arn, delete_on_termination="true"
        ),
    )


def pull_through(stack: PlatformStack) -> list[Statement]:
    """The first pull of an image through a cache imports it and makes its repository, named after the cache.

    The registry's policy names the account, which leaves the decision to its IAM policies: the role needs the rights
    too. Source: Amazon ECR User Guide, "IAM permissions required to sync an upstream registry".
    """
    shared, platform = stack.deployment.shared, stack.deployment.platform
    repositories = tuple(
        f"arn:aws:ecr:{platform.region}:{shared.registry_account}:repository/{cache}/*"
        for cache in sorted(shared.pull_through_caches)
    )
    actions = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
    return [Statement(sid="PullThroughCache", actions=actions, resources=repositories)] if repositories else []
