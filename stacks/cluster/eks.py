"""The cluster: control plane, what nodes need first, system nodes, and who has access."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.eks.access import PlatformRoles, access_entries
from constructs_lib.eks.access_entries import add_access_entries
from constructs_lib.eks.addons import addons_before_nodes
from constructs_lib.eks.cluster import ClusterProps, cluster
from constructs_lib.eks.nodes import SystemNodesProps, system_nodes
from constructs_lib.eks.security_groups import SecurityGroups, SecurityGroupsProps
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from stacks.contracts import BootstrapOutputs, DataOutputs, EksOutputs, IamOutputs, VpcOutputs


class EksStack(PlatformStack):
    """Holds no kubernetes or helm provider: its API doesn't exist before the first apply."""

    layer = "cluster"
    stack = "eks"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        vpc, data, iam = self.read(VpcOutputs), self.read(DataOutputs), self.read(IamOutputs)
        groups = SecurityGroups(
            self,
            SecurityGroupsProps(
                vpc_id=vpc.vpc_id,
                s3_prefix_list_id=vpc.s3_prefix_list_id,
                access_hosts=vpc.access_host_security_group_ids,
                database=data.database_security_group_id,
            ),
        )
        control_plane = cluster(
            self,
            ClusterProps(
                subnet_ids=vpc.control_plane_subnet_ids,
                security_group_ids=[groups.control_plane.id],
                secrets_key_arn=data.eks_key_arn,
                logs_key_arn=data.logs_key_arn,
            ),
        )
        addons = addons_before_nodes(self, control_plane, cni_role_arn=iam.workload_role_arns["vpc-cni-sa"])
        node_role = system_nodes(
            self,
            control_plane,
            SystemNodesProps(
                subnet_ids=vpc.private_subnet_ids,
                security_group_id=groups.nodes.id,
                volume_key_arn=data.ebs_key_arn,
                wait_for=[*addons, *groups.rules],
            ),
        )
        add_access_entries(
            self, control_plane, access_entries(deployment.id, self._platform_roles(iam), deployment.access)
        )
        self.export(
            EksOutputs(
                cluster_name=control_plane.name,
                cluster_arn=control_plane.arn,
                endpoint=control_plane.endpoint,
                certificate_authority=control_plane.certificate_authority.get(0).data,
                cluster_security_group_id=control_plane.vpc_config.cluster_security_group_id,
                node_security_group_id=groups.nodes.id,
                node_role_arn=node_role.arn,
                node_role_name=node_role.name,
            )
        )

    def _platform_roles(self, iam: IamOutputs) -> PlatformRoles:
        bootstrap = self.read(BootstrapOutputs)
        return PlatformRoles(
            deployer=bootstrap.deployer_role_arn,
            planner=bootstrap.planner_role_arn,
            admin=iam.admin_role_arn,
            operator=iam.operator_role_arn,
            viewer=iam.viewer_role_arn,
        )
