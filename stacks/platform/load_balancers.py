"""The load balancers that components share, as ingress classes, and their web ACL."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.ingress.balancers import with_firewall
from constructs_lib.ingress.classes import ingress_classes
from constructs_lib.ingress.firewall import web_acl
from stacks.cluster.base import ReleaseStack
from stacks.contracts import AddonsOutputs, LoadBalancersOutputs, SharedOutputs


class LoadBalancersStack(ReleaseStack):
    """There where a component has a host. The controller of ``cluster-addons`` makes the balancers themselves."""

    layer = "platform"
    stack = "load-balancers"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.read(AddonsOutputs)
        made = ingress_classes(self, certificate_arn=self.read(SharedOutputs).certificate_arn)
        acls: dict[str, str] = {exposure: web_acl(self, exposure) for exposure in with_firewall(deployment)}
        self.export(LoadBalancersOutputs(release=made.name, web_acl_arns=acls))
