"""The base of stacks that hold objects in the cluster."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.helm.providers import ClusterAccess, helm_provider
from constructs_lib.stack import PlatformStack
from stacks.contracts import EksOutputs


class ReleaseStack(PlatformStack):
    """Reads the cluster from ``cluster-eks`` and holds the helm provider beside the AWS one."""

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.cluster = self.read(EksOutputs)
        self.access = ClusterAccess(
            endpoint=self.cluster.endpoint, certificate_authority=self.cluster.certificate_authority
        )
        helm_provider(self, self.access)
