"""Registry, DNS zone and certificate: owned by one deployment, used by the others through configuration."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.components.copies import mirrors as copied
from constructs_lib.dns.zone import certificate, zone
from constructs_lib.engine import App
from constructs_lib.registry.caches import pull_through_caches, replicas
from constructs_lib.registry.repositories import consumer_policy, mirrors, repositories
from constructs_lib.registry.table import keeps_mirrors, registry
from constructs_lib.stack import PlatformStack
from stacks.contracts import DataOutputs, SharedOutputs


class SharedStack(PlatformStack):
    """The owner makes them; another deployment only looks up its zone and gets a certificate of its own names."""

    layer = "foundation"
    stack = "shared"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        data = self.read(DataOutputs)
        if deployment.shared.owner:
            consumers = consumer_policy(self)
            repositories(self, key_arn=data.data_key_arn, consumers=consumers)
            if keeps_mirrors(deployment):
                mirrors(self, copied(), key_arn=data.data_key_arn, consumers=consumers)
            pull_through_caches(self, key_arn=data.data_key_arn, consumers=consumers)
        elif deployment.shared.replication_source is not None:
            replicas(self, key_arn=data.data_key_arn)
        zone_id = zone(self)
        self.export(
            SharedOutputs(
                registry=registry(deployment),
                zone_id=zone_id,
                certificate_arn=certificate(self, zone_id=zone_id),
            )
        )
