"""The nested objects of the deployment file: identities, teams, and where telemetry goes."""

from __future__ import annotations

from pydantic import Field

from config.teams import Quotas, Team
from config.types import Digits, Email, HttpsUrl, Model, RoleArn, Username

__all__ = ["GitHubApp", "GrafanaCloud", "Person", "Quotas", "Team"]

# Grafana Cloud takes metrics at the one, and answers queries at the other's /api/v1/query (Grafana Cloud documentation,
# "Query metrics using HTTP APIs").
_PUSH = "/api/prom/push"


class Person(Model):
    """A declared identity: an SSO (or other) role that gets cluster access and may assume a platform role."""

    username: Username = Field(description="Name shown in Kubernetes audit logs.")
    role: RoleArn = Field(
        description="ARN of the role with its full path, which a role of IAM Identity Center may leave out."
    )
    email: Email = Field(description="Contact of this identity.")


class GitHubApp(Model):
    """The GitHub App whose private key is in the secret ``api/github``. Its ids are no secrets."""

    id: Digits = Field(description="App ID, from the App's settings.")
    installation: Digits = Field(description="Installation ID, the last part of the installation's address.")


class GrafanaCloud(Model):
    metrics_endpoint: HttpsUrl = Field(alias="metricsEndpoint", description="Prometheus remote-write address.")
    logs_endpoint: HttpsUrl = Field(alias="logsEndpoint", description="Loki push address.")
    traces_endpoint: HttpsUrl | None = Field(
        default=None,
        alias="tracesEndpoint",
        description="OTLP address, such as https://otlp-gateway-xxx.grafana.net/otlp. Without it no traces are taken.",
    )
    query_endpoint: HttpsUrl | None = Field(
        default=None,
        alias="queryEndpoint",
        description="Address that Prometheus' query API is below, which judges rollouts. Without it: metricsEndpoint "
        f"without its last part, where it ends in {_PUSH}.",
    )

    def queries(self) -> str | None:
        """The address that ``/api/v1/query`` is below; None where nothing says it."""
        if self.query_endpoint is None and self.metrics_endpoint.endswith(_PUSH):
            return self.metrics_endpoint.removesuffix("/push")
        return self.query_endpoint
