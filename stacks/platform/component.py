"""A stack for each component that is on: identity, what it has beforehand, its releases."""

from __future__ import annotations

import functools
from typing import ClassVar

from config.deployment import Deployment
from constructs_lib.components.component import Component
from constructs_lib.components.registry import CATALOG, enabled, prerequisites
from constructs_lib.components.releases import associations, ingress, releases
from constructs_lib.data.databases_table import made_by_job
from constructs_lib.engine import App
from constructs_lib.iam.workloads import workload_names
from stacks.cluster.base import ReleaseStack
from stacks.contracts import (
    AddonsOutputs,
    DatabaseBootstrapOutputs,
    DataOutputs,
    EventsOutputs,
    IamOutputs,
    KarpenterOutputs,
    LoadBalancersOutputs,
    SharedOutputs,
    component_outputs,
)


class ReadFoundation:
    """``components.component.Foundation`` by contracts: a stack that is asked for becomes a dependency."""

    def __init__(self, stack: ReleaseStack) -> None:
        self._stack = stack

    @property
    def zone_id(self) -> str:
        return self._stack.read(SharedOutputs).zone_id

    @property
    def data_key_arn(self) -> str:
        return self._stack.read(DataOutputs).data_key_arn

    @property
    def database_endpoint(self) -> str:
        return self._stack.read(DataOutputs).database_endpoint


class ComponentStack(ReleaseStack):
    """Waits for namespaces, priorities and nodes, and for the components that it needs, by their contracts."""

    layer = "platform"
    component: ClassVar[Component]

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        component, everyone = self.component, enabled(deployment)
        self.read(AddonsOutputs)
        self.read(KarpenterOutputs)
        for needed in prerequisites(component, deployment):
            self.read(component_outputs(needed))
        if component.name in {name for secret in made_by_job(deployment) for name in secret.components}:
            self.read(DatabaseBootstrapOutputs)
        if component.name == "argo-events" and deployment.events.receive:
            self.read(EventsOutputs)
        identities = associations(self, component, self._role_arns()) if self._has_roles(deployment) else []
        made = releases(self, component, everyone, ReadFoundation(self), identities)
        host = deployment.components.hosts().get(component.name)
        if host is not None:
            made.append(ingress(self, component, self.read(LoadBalancersOutputs).web_acl_arns, after=made[-1]))
        self.export(
            component_outputs(component.name)(
                release=made[-1].name, namespace=component.namespace, host=host.domain if host else ""
            )
        )

    def _has_roles(self, deployment: Deployment) -> bool:
        return not set(self.component.identities).isdisjoint(workload_names(deployment))

    def _role_arns(self) -> dict[str, str]:
        return dict(self.read(IamOutputs).workload_role_arns)


@functools.cache
def component_stack(name: str) -> type[ComponentStack]:
    """The stack class of component ``name``. Raises KeyError where there is no such component."""
    attributes = {"stack": name, "component": CATALOG[name], "__doc__": f"Component {name}."}
    return type(f"{name.title().replace('-', '')}Stack", (ComponentStack,), attributes)
