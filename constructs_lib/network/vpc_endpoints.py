"""The endpoints of a VPC: the S3 gateway, and interfaces by profile behind one security group."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule

from constructs_lib.iam.policy import policy_document
from constructs_lib.naming import address
from constructs_lib.network import endpoint_policies
from constructs_lib.network.endpoints import all_services, zones
from constructs_lib.network.endpoints import service as row_of
from constructs_lib.network.plan import Plan, Tier
from constructs_lib.network.routes import Routes
from constructs_lib.network.subnets import Subnets
from constructs_lib.network.vpc import Network
from constructs_lib.stack import PlatformStack

# Who calls AWS services from within: load balancers and NAT gateways, the public tier, don't.
_CALLERS: tuple[Tier, ...] = ("private", "isolated", "control_plane")
# Calls of AWS don't leave its network.
_SERVES = ("1.3.2", "1.4.1")


class Endpoints:
    """``s3_prefix_list_id`` names S3's public addresses, which the gateway endpoint's routes cover."""

    s3_prefix_list_id: str

    def __init__(self, stack: PlatformStack, network: Network, subnets: Subnets, routes: Routes, plan: Plan) -> None:
        self._stack, self._network = stack, network
        self.s3_prefix_list_id = self._gateway(routes)
        wanted = all_services(stack.deployment)
        if wanted:
            group = self._security_group(plan)
            in_zones = [subnets.ids["isolated"][zone] for zone in zones(stack.deployment.vpc)]
            for service in wanted:
                self._interface(service, group, in_zones)

    def _gateway(self, routes: Routes) -> str:
        """S3 from the private tier. Isolated subnets keep to the VPC: their network ACL would drop S3's replies."""
        self._stack.serves("aws_vpc_endpoint.s3", *_SERVES)
        endpoint = self._stack.add(
            VpcEndpoint,
            "s3",
            vpc_id=self._network.vpc.id,
            service_name=self._service_name("s3"),
            vpc_endpoint_type="Gateway",
            route_table_ids=list(routes.private_tables.values()),
            policy=policy_document(self._stack, "endpoint_s3", endpoint_policies.s3(self._stack.deployment)),
            tags={"Name": self._stack.naming.name("s3")},
        )
        return str(endpoint.prefix_list_id)

    def _interface(self, service: str, group: str, subnet_ids: list[str]) -> None:
        name = address(service)
        self._stack.serves(f"aws_vpc_endpoint.{name}", *_SERVES)
        statements = endpoint_policies.interface(service, self._stack.deployment) if row_of(service).policy else []
        self._stack.add(
            VpcEndpoint,
            name,
            vpc_id=self._network.vpc.id,
            service_name=self._service_name(service),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=subnet_ids,
            security_group_ids=[group],
            policy=policy_document(self._stack, f"endpoint_{name}", statements) if statements else None,
            tags={"Name": self._stack.naming.name(service)},
        )

    def _security_group(self, plan: Plan) -> str:
        name = self._stack.naming.name("endpoints")
        group = self._stack.add(
            SecurityGroup,
            "endpoints",
            name=name,
            description="Interface endpoints: HTTPS from the subnets that call AWS services",
            vpc_id=self._network.vpc.id,
            tags={"Name": name},
        )
        self._stack.serves("aws_security_group.endpoints", "1.3.1")
        for tier in _CALLERS:
            self._stack.serves(f"aws_vpc_security_group_ingress_rule.endpoints_from_{tier}", "1.2.5", "1.3.1")
            self._stack.add(
                VpcSecurityGroupIngressRule,
                f"endpoints_from_{tier}",
                security_group_id=group.id,
                description=f"HTTPS from the {tier.replace('_', '-')} subnets of all zones",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_ipv4=plan.block(tier),
            )
        return str(group.id)

    def _service_name(self, service: str) -> str:
        return f"com.amazonaws.{self._stack.deployment.platform.region}.{service}"
