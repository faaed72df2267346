"""What a cluster needs before any component: DNS, storage, metrics, load balancing, namespaces and who may do what."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.addons.base import STORAGE_CLASS, cluster_base
from constructs_lib.addons.install import associate, install_addons, install_guardduty_agent
from constructs_lib.addons.load_balancers import INGRESS_CLASS, load_balancer_controller
from constructs_lib.addons.load_balancers import NAME as LOAD_BALANCER_CONTROLLER
from constructs_lib.addons.storage import unset_gp2
from constructs_lib.engine import App
from constructs_lib.helm.providers import kubernetes_provider
from stacks.cluster.base import ReleaseStack
from stacks.contracts import AddonsOutputs, DataOutputs, IamOutputs, VpcOutputs


class AddonsStack(ReleaseStack):
    """Applied once the system nodes are there; everything here runs on them."""

    layer = "cluster"
    stack = "addons"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        kubernetes_provider(self, self.access)
        vpc, data, iam = self.read(VpcOutputs), self.read(DataOutputs), self.read(IamOutputs)
        roles = iam.workload_role_arns
        addons = install_addons(self, roles)
        base = cluster_base(self, volume_key_arn=data.ebs_key_arn, depends_on=list(addons.values()))
        install_guardduty_agent(self, after=base)
        unset_gp2(self, depends_on=[base])
        association = associate(self, LOAD_BALANCER_CONTROLLER, roles["load-balancer-sa"])
        load_balancer_controller(self, vpc_id=vpc.vpc_id, depends_on=[association, base])
        self.export(AddonsOutputs(storage_class=STORAGE_CLASS, ingress_class=INGRESS_CLASS))
