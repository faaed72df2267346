"""The VPC, its internet gateway, and AWS's default objects, closed."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.default_network_acl import DefaultNetworkAcl
from cdktf_cdktf_provider_aws.default_route_table import DefaultRouteTable
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.vpc import Vpc

from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.stack import PlatformStack


class Network:
    """``vpc``, and ``internet_gateway`` unless nothing may leave.

    Every VPC has default objects that can't be deleted: here they admit nothing.

    Whoever forgets to name a security group, network ACL or route table gets one that carries no traffic.
    """

    def __init__(self, stack: PlatformStack) -> None:
        name = stack.naming.name
        self.vpc = stack.add(
            Vpc,
            "vpc",
            cidr_block=stack.deployment.vpc.cidr,
            # Both are needed by private DNS of interface endpoints and by the private endpoint of an EKS cluster.
            # Source: Amazon EKS User Guide, "Cluster API server endpoint", private access.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            # Of a dedicated VPC every instance is dedicated, whatever launches it (Amazon EC2 User Guide, "Launch
            # Dedicated Instances into a VPC with default tenancy"); so no launch template has to say it.
            instance_tenancy="dedicated" if stack.deployment.vpc.tenancy == "dedicated" else None,
            tags={"Name": name("vpc")},
        )
        self.internet_gateway: InternetGateway | None = None
        if stack.deployment.vpc.egress != "none":
            self.internet_gateway = stack.add(
                InternetGateway, "internet", vpc_id=self.vpc.id, tags={"Name": name("internet")}
            )
        stack.serves("aws_vpc.vpc", "1.4.1")
        self._close_defaults(stack)

    def _close_defaults(self, stack: PlatformStack) -> None:
        tags = {"Name": stack.naming.name("default-closed")}
        stack.add(DefaultSecurityGroup, "closed", vpc_id=self.vpc.id, tags=tags)
        for kind in ("security_group", "network_acl"):
            stack.serves(f"aws_default_{kind}.closed", "1.3.1", "1.3.2", "2.2.6")
        stack.serves("aws_default_route_table.closed", "1.3.2")
        stack.add(
            DefaultNetworkAcl,
            "closed",
            default_network_acl_id=self.vpc.default_network_acl_id,
            # AWS moves a subnet here when it leaves its own network ACL, and away when it gets one: the list changes
            # without anyone's doing (provider documentation, aws_default_network_acl, "Managing Subnets").
            lifecycle=TerraformResourceLifecycle(ignore_changes=["subnet_ids"]),
            tags=tags,
        )
        stack.add(
            DefaultRouteTable,
            "closed",
            default_route_table_id=self.vpc.default_route_table_id,
            route=[],
            tags=tags,
        )
