"""A host inside the VPC that people reach by Session Manager only, for private endpoints."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.instance import Instance, InstanceMetadataOptions, InstanceRootBlockDevice
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule

from constructs_lib.iam.document import Statement
from constructs_lib.iam.policy import policy_document
from constructs_lib.network.sessions import logged_sessions
from constructs_lib.network.subnets import Subnets
from constructs_lib.network.vpc import Network
from constructs_lib.network.vpc_endpoints import Endpoints
from constructs_lib.stack import PlatformStack

# AWS publishes the newest image's id here: EC2 User Guide, "Reference the latest AMIs using Systems Manager public
# parameters". Arm, since t4g is the cheapest burstable family and nothing on the host needs x86.
_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
_INSTANCE_TYPE = "t4g.small"
_ROOT_GIB = 20
_NAME = "access-host"


class AccessHost:
    """``security_group_id`` is what the cluster and the database admit. No inbound rule, no key pair.

    The host keeps nothing: when AWS publishes a newer image, the next apply replaces it, which is how it gets patched.
    """

    security_group_id: str

    def __init__(self, stack: PlatformStack, network: Network, subnets: Subnets, endpoints: Endpoints) -> None:
        self._stack, self._network = stack, network
        self.security_group_id = self._security_group(endpoints)
        zone = stack.deployment.vpc.zones[0]
        image = stack.add(DataAwsSsmParameter, "access_host_image", name=_IMAGE)
        stack.serves("aws_instance.access_host", "2.2.7")
        stack.add(
            Instance,
            "access_host",
            # The plain attribute `value` is marked sensitive, and the plan would hide which image is new.
            ami=image.insecure_value,
            instance_type=_INSTANCE_TYPE,
            subnet_id=subnets.ids["private"][zone],
            vpc_security_group_ids=[self.security_group_id],
            associate_public_ip_address=False,
            iam_instance_profile=self._instance_profile(),
            metadata_options=InstanceMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=InstanceRootBlockDevice(encrypted=True, volume_type="gp3", volume_size=_ROOT_GIB),
            ebs_optimized=True,
            monitoring=True,
            tags={"Name": stack.naming.name(_NAME)},
        )

    def _instance_profile(self) -> str:
        name = self._stack.naming.name(_NAME)
        trust = Statement(sid="Instances", actions=("sts:AssumeRole",), principals={"Service": ("ec2.amazonaws.com",)})
        role = self._stack.add(
            IamRole,
            "access_host",
            name=name,
            description="The access host: Session Manager and nothing else",
            assume_role_policy=policy_document(self._stack, "access_host_trust", [trust]),
        )
        self._stack.add(
            IamRolePolicyAttachment,
            "access_host_sessions",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        )
        logged_sessions(self._stack, role)
        return str(self._stack.add(IamInstanceProfile, "access_host", name=name, role=role.name).name)

    def _security_group(self, endpoints: Endpoints) -> str:
        name = self._stack.naming.name(_NAME)
        group = self._stack.add(
            SecurityGroup,
            "access_host",
            name=name,
            description="Access host: nothing in, HTTPS out",
            vpc_id=self._network.vpc.id,
            tags={"Name": name},
        )
        self._stack.serves("aws_security_group.access_host", "1.3.1", "1.3.2")
        self._egress("vpc", "HTTPS to private endpoints in the VPC", group, cidr=self._stack.deployment.vpc.cidr)
        if self._stack.deployment.vpc.egress != "open":
            self._egress("s3", "HTTPS to S3 for packages", group, prefix_list=endpoints.s3_prefix_list_id)
        else:
            self._egress("internet", "HTTPS to AWS services and packages, by NAT", group, cidr="0.0.0.0/0")
        return str(group.id)

    def _egress(
        self,
        name: str,
        description: str,
        group: SecurityGroup,
        *,
        cidr: str | None = None,
        prefix_list: str | None = None,
    ) -> None:
        self._stack.serves(f"aws_vpc_security_group_egress_rule.access_host_to_{name}", "1.2.5", "1.3.2")
        self._stack.add(
            VpcSecurityGroupEgressRule,
            f"access_host_to_{name}",
            security_group_id=group.id,
            description=description,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=cidr,
            prefix_list_id=prefix_list,
        )
