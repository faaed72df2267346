"""What may run in namespaces of teams: Kyverno's policies, after it is ready and gone before it."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.engine import App
from constructs_lib.policies.release import policies_release
from stacks.cluster.base import ReleaseStack
from stacks.contracts import AddonsOutputs, PoliciesOutputs, component_outputs


class PoliciesStack(ReleaseStack):
    """There where Kyverno is. Teams wait for it, so that nothing of theirs runs unseen."""

    layer = "platform"
    stack = "policies"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.read(AddonsOutputs)
        self.read(component_outputs("kyverno"))
        made = policies_release(self)
        self.export(PoliciesOutputs(release=made.name, namespace=NAMESPACES["kyverno"].name))
