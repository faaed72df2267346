"""Rules of the platform's components."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from config.components import Components, WebComponent
from config.deployment import Deployment
from config.egress import host_of
from config.file import DeploymentFile
from config.requirements import missing
from config.rules.finding import Finding
from config.types import Model


def _web(components: Components) -> Iterator[tuple[str, WebComponent]]:
    """(name, component) of those that have a host name."""
    for name, field in type(components).model_fields.items():
        component = getattr(components, name)
        if isinstance(component, WebComponent):
            yield field.alias or name, component


def hosts(file: DeploymentFile) -> Iterator[Finding]:
    """Hosts are in the platform's zone, whose records and certificate the platform makes, and differ."""
    counted = Counter(component.domain for _, component in _web(file.components))
    for name, component in _web(file.components):
        key, host = f"deployment:components.{name}.domain", component.domain
        if not host.endswith(f".{file.platform_domain}"):
            message = f"must lie under platform:domain, {file.platform_domain}"
            remedy = f"write a name such as {name}.{file.platform_domain}"
            yield Finding(key=key, value=host, message=message, remedy=remedy)
        elif file.shared_certificate_arn is None and "." in host.removesuffix(f".{file.platform_domain}"):
            # The certificate that the platform makes has a wildcard, which stands for one label (RFC 6125, 6.4.3).
            message = f"must be one level below platform:domain, {file.platform_domain}: the certificate covers no more"
            remedy = f"write a name such as {name}.{file.platform_domain}, or set deployment:shared:certificateArn"
            yield Finding(key=key, value=host, message=message, remedy=remedy)
        if counted[host] > 1:
            message = f"must differ from the other components' hosts; {counted[host]} have this one"
            yield Finding(key=key, value=host, message=message, remedy="give each component a host of its own")


def telemetry(file: DeploymentFile) -> Iterator[Finding]:
    """The telemetry agent knows where to send."""
    agent = file.components.grafana_agent
    if agent is not None and agent.enabled and file.grafana_cloud is None:
        yield Finding(
            key="deployment:observability:grafanaCloud",
            value=None,
            message="is required where component grafana-agent is enabled: it says where telemetry goes",
            remedy="add metricsEndpoint and logsEndpoint, or switch grafana-agent off",
        )


def analysis(file: DeploymentFile) -> Iterator[Finding]:
    """Who judges rollouts by metrics knows where to ask."""
    cloud = file.grafana_cloud
    if cloud is not None and cloud.queries() is None and file.components.analysis():
        yield Finding(
            key="deployment:observability:grafanaCloud.queryEndpoint",
            value=None,
            message="is required where rollouts are judged by metrics (argo-rollouts and grafana-agent with "
            "teamMetrics) and metricsEndpoint doesn't end in /api/prom/push",
            remedy="add the query endpoint of the stack, such as https://prometheus-xxx.grafana.net/api/prom, or set "
            "teamMetrics of grafana-agent to false",
        )


def telemetry_addresses(file: DeploymentFile) -> Iterator[Finding]:
    """Telemetry goes to names outside the platform's zone: within it, only the platform's components answer."""
    places = {
        "deployment:observability:grafanaCloud": file.grafana_cloud,
        "deployment:components.grafana-agent": file.components.grafana_agent,
    }
    for key, model in places.items():
        for alias, address in _endpoints(model):
            if f".{host_of(address)}".endswith(f".{file.platform_domain}"):
                message = (
                    f"must not lie in the platform's own zone, {file.platform_domain}: only components answer there"
                )
                remedy = "write the address that Grafana Cloud shows for the stack"
                yield Finding(key=f"{key}.{alias}", value=address, message=message, remedy=remedy)


def _endpoints(model: Model | None) -> Iterator[tuple[str, str]]:
    """(key, address) of the addresses that are given."""
    for name, field in type(model).model_fields.items() if model is not None else ():
        address = getattr(model, name)
        if name.endswith("_endpoint") and address is not None:
            yield field.alias or name, address


def replicas(deployment: Deployment) -> Iterator[Finding]:
    """Backstage has the replicas that the environment asks for."""
    backstage, least = deployment.components.backstage, deployment.policy.backstage_min_replicas
    if backstage is not None and backstage.enabled and backstage.replicas < least:
        yield Finding(
            key="deployment:components.backstage.replicas",
            value=backstage.replicas,
            message=f"must be at least {least} in environment {deployment.environment}",
            remedy=f"write {least} or more",
        )


def requirements(file: DeploymentFile) -> Iterator[Finding]:
    """Every component has those that it doesn't work without."""
    for path in missing(file.components.enabled()):
        yield Finding(
            key=f"deployment:components.{path[0]}",
            value=None,
            message=f"needs {', which needs '.join(path[1:])}, which is off",
            remedy=f"switch {path[-1]} on, or {path[0]} off",
        )


FILE_RULES = (hosts, telemetry, telemetry_addresses, analysis, requirements)
DEPLOYMENT_RULES = (replicas,)
