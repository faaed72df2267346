"""Nodes on demand: Karpenter, what it needs from AWS, and the pools that it fills."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.addons.install import associate
from constructs_lib.engine import App
from constructs_lib.karpenter.names import SERVICE_ACCOUNT
from constructs_lib.karpenter.nodes import node_identity
from constructs_lib.karpenter.queue import interruption_queue
from constructs_lib.karpenter.releases import controller, node_pools
from stacks.cluster.base import ReleaseStack
from stacks.contracts import AddonsOutputs, DataOutputs, IamOutputs, KarpenterOutputs


class KarpenterStack(ReleaseStack):
    """Comes after the add-ons: its controller resolves names, and its pods' policies are there."""

    layer = "cluster"
    stack = "karpenter"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.read(AddonsOutputs)
        data, iam = self.read(DataOutputs), self.read(IamOutputs)
        queue, queue_policy = interruption_queue(self, key_arn=data.data_key_arn)
        node_role, identity = node_identity(self)
        association = associate(self, SERVICE_ACCOUNT, iam.workload_role_arns["karpenter-sa"])
        running = controller(self, depends_on=[association, queue_policy, *identity])
        node_pools(self, volume_key_arn=data.ebs_key_arn, depends_on=[running])
        self.export(KarpenterOutputs(node_role_arn=node_role.arn, interruption_queue_arn=queue.arn))
