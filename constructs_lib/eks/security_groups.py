"""The security groups of control plane and nodes, with a rule for each row of ``constructs_lib.eks.ports``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule

from constructs_lib.data.aurora_settings import PORT as DATABASE_PORT
from constructs_lib.eks.ports import CONTROL_PLANE_TO_NODES, node_egress
from constructs_lib.engine import TerraformResource
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

_HTTPS = 443


@dataclass(frozen=True, kw_only=True)
class SecurityGroupsProps:
    """``access_hosts`` are security groups by name of hosts whose users call the API. ``database`` is Aurora's."""

    vpc_id: str
    s3_prefix_list_id: str
    access_hosts: Mapping[str, str]
    database: str


class SecurityGroups:
    """``control_plane`` is the cluster's additional group, ``nodes`` the only group of every node.

    EKS makes a group of its own and puts it on the control plane's network interfaces. It puts it on managed nodes too,
    unless their launch template names groups (Amazon EKS User Guide, "Customize managed nodes with launch templates").
    Ours does: EKS's group lets everything pass among its members and can't be narrowed for good, since EKS writes the
    rule again at each cluster update. So nodes reach the control plane by these rules only, and ``rules`` must be there
    before the first node. The load balancer controller adds rules of its own to ``nodes`` for its targets.
    """

    control_plane: SecurityGroup
    nodes: SecurityGroup
    rules: list[TerraformResource]

    def __init__(self, stack: PlatformStack, props: SecurityGroupsProps) -> None:
        self._stack, self._props = stack, props
        self.rules = []
        self.control_plane = self._group("control-plane", "EKS control plane: the API for nodes and access hosts", {})
        self.nodes = self._group(
            "nodes",
            "EKS nodes and pods: among themselves, from the control plane, out by declared ports",
            # Karpenter documentation, "NodeClasses", spec.securityGroupSelectorTerms.
            {"karpenter.sh/discovery": stack.naming.cluster},
        )
        self._control_plane_rules()
        self._node_rules()
        self._database_rules()

    def _group(self, name: str, description: str, tags: dict[str, str]) -> SecurityGroup:
        full_name = self._stack.naming.name(name)
        self._stack.serves(f"aws_security_group.{address(name)}", "1.2.1", "1.3.1", "1.3.2")
        return self._stack.add(
            SecurityGroup,
            address(name),
            name=full_name,
            description=description,
            vpc_id=self._props.vpc_id,
            tags={"Name": full_name} | tags,
        )

    def _control_plane_rules(self) -> None:
        self._pair("nodes_to_api", "API server", self.nodes, self.control_plane, _HTTPS, egress=False)
        for port in CONTROL_PLANE_TO_NODES:
            name = f"control_plane_to_nodes_{port.number}"
            self._pair(name, port.reason, self.control_plane, self.nodes, port.number)
        for name, group in self._props.access_hosts.items():
            self._ingress(f"{address(name)}_to_api", f"API server, from {name}", self.control_plane.id, group, _HTTPS)

    def _node_rules(self) -> None:
        self._ingress("nodes_to_nodes", "pods and kubelets of other nodes", self.nodes.id, self.nodes.id, None)
        self._egress("nodes_to_nodes", "pods and kubelets of other nodes", self.nodes, None, group=self.nodes.id)
        deployment = self._stack.deployment
        for row in node_egress(deployment.vpc.cidr, deployment.vpc.nat_gateways):
            prefix_list = None if row.cidr else self._props.s3_prefix_list_id
            name = f"nodes_to_{row.name}"
            self._egress(name, row.reason, self.nodes, row.port, cidr=row.cidr, prefix_list=prefix_list)

    def _database_rules(self) -> None:
        """Nodes → Aurora, both ends: the database's stack leaves its group closed."""
        group = self._props.database
        self._ingress("nodes_to_database", "PostgreSQL from nodes and pods", group, self.nodes.id, DATABASE_PORT)
        self._egress("nodes_to_database", "PostgreSQL of the platform", self.nodes, DATABASE_PORT, group=group)

    def _pair(
        self, name: str, reason: str, source: SecurityGroup, target: SecurityGroup, port: int, *, egress: bool = True
    ) -> None:
        self._ingress(name, reason, target.id, source.id, port)
        if egress:
            self._egress(name, reason, source, port, group=target.id)

    def _ingress(self, name: str, description: str, group: str, source: str, port: int | None) -> None:
        self._stack.serves(f"aws_vpc_security_group_ingress_rule.{name}", "1.2.5", "1.3.1")
        self.rules.append(
            self._stack.add(
                VpcSecurityGroupIngressRule,
                name,
                security_group_id=group,
                description=description,
                ip_protocol="-1" if port is None else "tcp",
                from_port=port,
                to_port=port,
                referenced_security_group_id=source,
            )
        )

    def _egress(
        self,
        name: str,
        description: str,
        source: SecurityGroup,
        port: int | None,
        *,
        group: str | None = None,
        cidr: str | None = None,
        prefix_list: str | None = None,
    ) -> None:
        self._stack.serves(f"aws_vpc_security_group_egress_rule.{name}", "1.2.5", "1.3.2")
        self.rules.append(
            self._stack.add(
                VpcSecurityGroupEgressRule,
                name,
                security_group_id=source.id,
                description=description,
                ip_protocol="-1" if port is None else "tcp",
                from_port=port,
                to_port=port,
                referenced_security_group_id=group,
                cidr_ipv4=cidr,
                prefix_list_id=prefix_list,
            )
        )
