"""What all teams share: namespaces, what their people may do, and their load balancer."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.components.registry import enabled
from constructs_lib.engine import App
from constructs_lib.teams.releases import TEAMS_CLASS, shared_releases
from stacks.cluster.base import ReleaseStack
from stacks.contracts import AddonsOutputs, PoliciesOutputs, SharedOutputs, TeamsSharedOutputs, component_outputs

# What brings the definitions of objects in namespaces of teams.
NEEDED = ("argo-workflows", "argocd", "external-secrets", "kyverno")


class TeamsSharedStack(ReleaseStack):
    """Comes after the components that teams use; teams wait for this stack and so for all of them."""

    layer = "teams"
    stack = "shared"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.read(AddonsOutputs)
        for component in NEEDED:
            if component in enabled(deployment):
                self.read(component_outputs(component))
        if "kyverno" in enabled(deployment):
            self.read(PoliciesOutputs)
        made = shared_releases(self, certificate_arn=self.read(SharedOutputs).certificate_arn)
        self.export(TeamsSharedOutputs(release=made[0].name, ingress_class=TEAMS_CLASS))
