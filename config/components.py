"""The platform's components in the deployment file: what each may be told."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from config.types import Allowed, Domain, Email, Flag, HttpsUrl, Model

Exposure = Literal["public", "internal"]
DnsPolicy = Literal["upsert-only", "sync", "create-only"]
# Distribution Spec of the Open Container Initiative, "Pulling manifests": repository and digest.
ImageDigest = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+@sha256:[0-9a-f]{64}$", max_length=500
    ),
    Allowed("an image by its digest, such as registry.example.com/backstage@sha256: and 64 hexadecimal digits"),
]


class Component(Model):
    enabled: Flag = Field(description="Whether the component is installed.")


class WebComponent(Component):
    domain: Domain = Field(
        description="Host name, one level below platform:domain; deeper with a certificate of your own."
    )
    exposure: Exposure = Field(
        default="public", description="Whether the load balancer faces the internet or the VPC only."
    )


class Backstage(WebComponent):
    replicas: Annotated[int, Field(strict=True, ge=1, le=20)] = Field(default=2, description="Number of pods.")
    image: ImageDigest | None = Field(
        default=None,
        description="Image with the plugins of docs/BACKSTAGE.md. Without it: tag v1 (deployment:version) of our own "
        "repository platform/backstage, whose tags can't move.",
    )


class CertManager(Component):
    email: Email | None = Field(
        default=None, description="Contact at Let's Encrypt. Without it: the first administrator's."
    )


class ExternalDns(Component):
    policy: DnsPolicy = Field(
        default="upsert-only", description="What may happen to records; sync also deletes those it made."
    )


class GrafanaAgent(Component):
    cloud_endpoint: HttpsUrl | None = Field(
        default=None,
        alias="cloudEndpoint",
        description="Base address of Prometheus in the Grafana Cloud stack, where alert rules go. Without it: that of "
        "metricsEndpoint.",
    )
    team_metrics: Flag = Field(
        default=True,
        alias="teamMetrics",
        description="Whether what runs in teams' namespaces is measured. Off, tens of teams stay within the free plan.",
    )


class Components(Model):
    """The platform capabilities by their names; one that is not listed is off."""

    backstage: Backstage | None = Field(default=None, description="Developer portal.")
    argo_workflows: WebComponent | None = Field(default=None, alias="argo-workflows", description="CI pipelines.")
    argocd: WebComponent | None = Field(default=None, description="GitOps deployments.")
    argo_rollouts: Component | None = Field(default=None, alias="argo-rollouts", description="Progressive delivery.")
    argo_events: WebComponent | None = Field(default=None, alias="argo-events", description="Event-driven triggers.")
    kyverno: Component | None = Field(default=None, description="Policy engine.")
    external_secrets: Component | None = Field(
        default=None, alias="external-secrets", description="Secrets Manager entries as Kubernetes Secrets."
    )
    cert_manager: CertManager | None = Field(
        default=None, alias="cert-manager", description="Certificates in the cluster."
    )
    external_dns: ExternalDns | None = Field(
        default=None,
        alias="external-dns",
        description="DNS records of services. On with any component that has a domain, unless switched off.",
    )
    reloader: Component | None = Field(
        default=None,
        description="Restarts workloads when a Secret or ConfigMap changes. On with external-secrets, unless switched "
        "off.",
    )
    grafana_agent: GrafanaAgent | None = Field(
        default=None, alias="grafana-agent", description="Metrics, logs and traces to Grafana Cloud."
    )
    crossplane: Component | None = Field(default=None, description="Self-service infrastructure.")
    falco: Component | None = Field(default=None, description="Runtime security.")
    velero: Component | None = Field(default=None, description="Backup of the cluster.")

    def named(self, name: str) -> Component | None:
        """The settings of component ``name`` (``argo-workflows``). Raises KeyError where there is no such component."""
        found: Component | None = getattr(self, _attributes(type(self))[name])
        return found

    def enabled(self) -> tuple[str, ...]:
        """Names of the components that are on, sorted."""
        names = sorted(_attributes(type(self)))
        return tuple(name for name in names if (found := self.named(name)) is not None and found.enabled)

    def analysis(self) -> bool:
        """Whether rollouts are judged by metrics: those of teams' namespaces are kept, and somebody asks for them."""
        agent, on = self.grafana_agent, self.enabled()
        return agent is not None and agent.team_metrics and {"argo-rollouts", "grafana-agent"} <= set(on)

    def hosts(self) -> dict[str, WebComponent]:
        """The components that are on and have a host name, by name, sorted."""
        found = {name: self.named(name) for name in self.enabled()}
        return {name: settings for name, settings in found.items() if isinstance(settings, WebComponent)}


@functools.cache
def _attributes(model: type[BaseModel]) -> Mapping[str, str]:
    """Key of the file → attribute of ``model``. Asked for each team, and the same each time."""
    return {field.alias or attribute: attribute for attribute, field in model.model_fields.items()}
