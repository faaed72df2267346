"""What Karpenter's controller may do: the policy of its documentation, for one cluster. Pure: imports no engine.

Left out: making instance profiles, since Terraform makes the only one, and zonal shift, which is off.
"""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.iam.document import Statement, when
from constructs_lib.karpenter.names import NODE_ROLE, queue_arn
from constructs_lib.naming import Naming

SOURCE = (
    "Karpenter documentation 1.14, Reference, CloudFormation (controller policies); Troubleshooting, encrypted volumes"
)
_MADE = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
_ANY_POOL = "karpenter.sh/nodepool"


def karpenter_statements(naming: Naming, deployment: Deployment) -> list[Statement]:
    del deployment
    return [*_launch(naming), *_tag_and_remove(naming), *_read(naming), _pass_role(naming), *_queue(naming)]


def _ec2(naming: Naming, *kinds: str, account: str = "*") -> tuple[str, ...]:
    return tuple(f"arn:aws:ec2:{naming.region}:{account}:{kind}/*" for kind in kinds)


def _owned(naming: Naming) -> str:
    return f"kubernetes.io/cluster/{naming.cluster}"


def _launch(naming: Naming) -> list[Statement]:
    requested = (
        when("StringEquals", f"aws:RequestTag/{_owned(naming)}", "owned"),
        when("StringEquals", "aws:RequestTag/eks:eks-cluster-name", naming.cluster),
        when("StringLike", f"aws:RequestTag/{_ANY_POOL}", "*"),
    )
    return [
        Statement(
            sid="LaunchFrom",
            actions=("ec2:CreateFleet", "ec2:RunInstances"),
            resources=(
                *_ec2(naming, "image", "snapshot", account=""),
                *_ec2(naming, "capacity-reservation", "security-group", "subnet"),
            ),
        ),
        Statement(
            sid="LaunchByOwnTemplates",
            actions=("ec2:CreateFleet", "ec2:RunInstances"),
            resources=_ec2(naming, "launch-template"),
            conditions=(
                when("StringEquals", f"aws:ResourceTag/{_owned(naming)}", "owned"),
                when("StringLike", f"aws:ResourceTag/{_ANY_POOL}", "*"),
            ),
        ),
        Statement(
            sid="LaunchTagged",
            actions=("ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"),
            resources=_ec2(naming, *_MADE),
            conditions=requested,
        ),
        Statement(
            sid="TagWhatIsLaunched",
            actions=("ec2:CreateTags",),
            resources=_ec2(naming, *_MADE),
            conditions=(
                *requested,
                when("StringEquals", "ec2:CreateAction", "CreateFleet", "CreateLaunchTemplate", "RunInstances"),
            ),
        ),
    ]


def _tag_and_remove(naming: Naming) -> list[Statement]:
    own = (
        when("StringEquals", f"aws:ResourceTag/{_owned(naming)}", "owned"),
        when("StringLike", f"aws:ResourceTag/{_ANY_POOL}", "*"),
    )
    return [
        Statement(
            sid="TagNodes",
            actions=("ec2:CreateTags",),
            resources=_ec2(naming, "instance"),
            conditions=(
                *own,
                when("StringEqualsIfExists", "aws:RequestTag/eks:eks-cluster-name", naming.cluster),
                when(
                    "ForAllValues:StringEquals",
                    "aws:TagKeys",
                    "Name",
                    "eks:eks-cluster-name",
                    "karpenter.sh/nodeclaim",
                ),
            ),
        ),
        Statement(
            sid="RemoveNodes",
            actions=("ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"),
            resources=_ec2(naming, "instance", "launch-template"),
            conditions=own,
        ),
    ]


def _read(naming: Naming) -> list[Statement]:
    described = (
        "CapacityReservations",
        "Images",
        "InstanceStatus",
        "InstanceTypeOfferings",
        "InstanceTypes",
        "Instances",
        "LaunchTemplates",
        "PlacementGroups",
        "SecurityGroups",
        "SpotPriceHistory",
        "Subnets",
    )
    return [
        Statement(
            sid="Describe",
            actions=tuple(f"ec2:Describe{what}" for what in described),
            resources=("*",),
            conditions=(when("StringEquals", "aws:RequestedRegion", naming.region),),
        ),
        Statement(
            sid="MachineImages",
            actions=("ssm:GetParameter",),
            resources=(f"arn:aws:ssm:{naming.region}::parameter/aws/service/*",),
        ),
        Statement(sid="Prices", actions=("pricing:GetProducts",), resources=("*",)),
        Statement(sid="Cluster", actions=("eks:DescribeCluster",), resources=(naming.cluster_arn,)),
        Statement(
            sid="InstanceProfile",
            actions=("iam:GetInstanceProfile",),
            resources=(f"arn:aws:iam::{naming.account}:instance-profile/{naming.name(NODE_ROLE)}",),
        ),
        # It looks for profiles of its own making, of which there are none; without the right it logs errors.
        Statement(sid="InstanceProfiles", actions=("iam:ListInstanceProfiles",), resources=("*",)),
    ]


def _pass_role(naming: Naming) -> Statement:
    return Statement(
        sid="PassNodeRole",
        actions=("iam:PassRole",),
        resources=(naming.role_arn(NODE_ROLE),),
        conditions=(when("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"),),
    )


def _queue(naming: Naming) -> list[Statement]:
    return [
        Statement(
            sid="Interruptions",
            actions=("sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"),
            resources=(queue_arn(naming),),
        ),
        # Through the service only, and by the key's name: its id is known to no policy.
        Statement(
            sid="InterruptionsKey",
            actions=("kms:Decrypt",),
            resources=(naming.arn("kms", "key/*"),),
            conditions=(
                when("StringEquals", "kms:ViaService", f"sqs.{naming.region}.amazonaws.com"),
                when("ForAnyValue:StringEquals", "kms:ResourceAliases", f"alias/{naming.name('data')}"),
            ),
        ),
        *volume_key(naming),
    ]


def volume_key(naming: Naming) -> list[Statement]:
    """Use of the key of volumes, through EC2 only; a grant lets EC2 go on when nobody is asking.

    Source: Amazon EBS User Guide, "Requirements for Amazon EBS encryption" (permissions for users).
    """
    through = (
        when("StringEquals", "kms:ViaService", f"ec2.{naming.region}.amazonaws.com"),
        when("ForAnyValue:StringEquals", "kms:ResourceAliases", f"alias/{naming.name('ebs')}"),
    )
    return [
        Statement(
            sid="VolumeKey",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"),
            resources=(naming.arn("kms", "key/*"),),
            conditions=through,
        ),
        Statement(
            sid="VolumeKeyGrants",
            actions=("kms:CreateGrant",),
            resources=(naming.arn("kms", "key/*"),),
            conditions=(*through, when("Bool", "kms:GrantIsForAWSResource", "true")),
        ),
    ]
