"""All components, and which of them a deployment has, in the order in which they are installed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from config.deployment import Deployment
from config.requirements import order
from constructs_lib.components.catalog.argo_events import ARGO_EVENTS
from constructs_lib.components.catalog.argo_rollouts import ARGO_ROLLOUTS
from constructs_lib.components.catalog.argo_workflows import ARGO_WORKFLOWS
from constructs_lib.components.catalog.argocd import ARGOCD
from constructs_lib.components.catalog.backstage import BACKSTAGE
from constructs_lib.components.catalog.cert_manager import CERT_MANAGER
from constructs_lib.components.catalog.crossplane import CROSSPLANE
from constructs_lib.components.catalog.external_dns import EXTERNAL_DNS
from constructs_lib.components.catalog.external_secrets import EXTERNAL_SECRETS
from constructs_lib.components.catalog.falco import FALCO
from constructs_lib.components.catalog.grafana_agent import GRAFANA_AGENT
from constructs_lib.components.catalog.kyverno import KYVERNO
from constructs_lib.components.catalog.reloader import RELOADER
from constructs_lib.components.catalog.velero import VELERO
from constructs_lib.components.component import Component
from constructs_lib.components.transit import CERT_MANAGER as SIGNER
from constructs_lib.components.transit import serves_tls

CATALOG: Mapping[str, Component] = {
    component.name: component
    for component in (
        ARGOCD,
        ARGO_EVENTS,
        ARGO_ROLLOUTS,
        ARGO_WORKFLOWS,
        BACKSTAGE,
        CERT_MANAGER,
        CROSSPLANE,
        EXTERNAL_DNS,
        EXTERNAL_SECRETS,
        FALCO,
        GRAFANA_AGENT,
        KYVERNO,
        RELOADER,
        VELERO,
    )
}


def enabled(deployment: Deployment) -> dict[str, Component]:
    """The components that are on, by name, each after those it needs or waits for.

    Raises config.requirements.Cycle where they wait for each other.
    """
    found = {name: CATALOG[name] for name in deployment.components.enabled() if name in CATALOG}
    needs = {name: _waits_for(component, deployment) for name, component in found.items()}
    return {name: found[name] for name in order(found, needs)}


def prerequisites(component: Component, deployment: Deployment) -> tuple[str, ...]:
    """Components that are on and that ``component`` needs or waits for, sorted."""
    return tuple(sorted(_waits_for(component, deployment) & set(enabled(deployment))))


def _waits_for(component: Component, deployment: Deployment) -> set[str]:
    signer = {SIGNER} if serves_tls(component, deployment) else set()
    return {*component.requires, *component.after, *signer}
