"""What needs a way out of the VPC, and by which names: so that a firewall admits them, and nothing else. Pure.

A row is something that no private endpoint and no setting replaces. What is replaced has no row here;
``constructs_lib.egress.table`` says by what.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.components import GrafanaAgent
from config.deployment import Deployment

GITHUB, GITHUB_API = "github.com", "api.github.com"
# AWS General Reference, "Amazon Route 53 endpoints and quotas": one for all regions of the partition.
ROUTE53 = "route53.amazonaws.com"
# Let's Encrypt documentation, "ACME v2 endpoints": the real one and that of trials, of which chart cluster-issuers has
# an issuer each.
LETSENCRYPT = ("acme-v02.api.letsencrypt.org", "acme-staging-v02.api.letsencrypt.org")

Names = Callable[[Deployment], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Need:
    """``part`` needs a way out for ``purpose``, wherever ``due`` holds of a deployment.

    ``names`` are the domain names that a firewall must admit, at port 443; ``shown`` says them to people, for any
    deployment. Where nothing leaves there is no other way: ``key`` is what a deployment file must change then, and
    ``remedy`` how.
    """

    part: str
    purpose: str
    names: Names
    shown: tuple[str, ...]
    key: str
    remedy: str
    due: Callable[[Deployment], bool]


def _component(name: str, purpose: str, *names: str, when: Callable[[Deployment], bool] = lambda _: True) -> Need:
    """What component ``name`` can't do without."""
    return Need(
        part=name,
        purpose=purpose,
        names=lambda _: names,
        shown=names,
        key=f"deployment:components.{name}",
        remedy=f"set deployment:vpc:egress to firewall, or switch {name} off",
        due=lambda deployment: name in deployment.components.enabled() and when(deployment),
    )


def host_of(address: str | None) -> str | None:
    """The host of an HTTPS address, in small letters."""
    return urllib.parse.urlsplit(address).hostname if address else None


def telemetry_hosts(deployment: Deployment) -> tuple[str, ...]:
    """Hosts that telemetry goes to, alert rules too, and that rollouts ask for metrics; each once, sorted."""
    cloud, on = deployment.grafana_cloud, deployment.components.enabled()
    if cloud is None:
        return ()
    addresses: list[str | None] = []
    if "grafana-agent" in on:
        agent = deployment.components.grafana_agent
        ruler = agent.cloud_endpoint if isinstance(agent, GrafanaAgent) else None
        addresses += [cloud.metrics_endpoint, cloud.logs_endpoint, cloud.traces_endpoint, ruler]
    if deployment.components.analysis():
        addresses.append(cloud.queries())
    return tuple(sorted({host for address in addresses if (host := host_of(address))}))


NEEDS: tuple[Need, ...] = (
    _component("argocd", "sign-in at GitHub, by Dex", GITHUB, GITHUB_API),
    _component("argocd", "repositories of teams and of the platform", GITHUB, GITHUB_API),
    _component("argo-workflows", "the source that is built, tested and promoted", GITHUB, GITHUB_API),
    _component(
        "argo-workflows",
        "packages of Maven and npm, and what is known of vulnerabilities (Grype)",
        "repo.maven.apache.org",
        "registry.npmjs.org",
        "grype.anchore.io",
    ),
    # What GitHub sends comes in by the public load balancer; what it starts needs GitHub.
    _component("argo-events", "deliveries of GitHub, which come in from the internet"),
    _component(
        "backstage",
        "sign-in at GitHub, the catalog's files and new repositories",
        GITHUB,
        GITHUB_API,
        "codeload.github.com",
        "raw.githubusercontent.com",
    ),
    _component("external-dns", "Route 53, whose interface has no private endpoint", ROUTE53),
    Need(
        part="crossplane",
        purpose="Amazon SNS, which the VPC has no endpoint of",
        names=lambda deployment: (f"sns.{deployment.platform.region}.amazonaws.com",),
        shown=("sns.<region>.amazonaws.com",),
        key="deployment:components.crossplane",
        remedy="set deployment:vpc:egress to firewall, or switch crossplane off",
        due=lambda deployment: "crossplane" in deployment.components.enabled(),
    ),
    Need(
        part="cert-manager",
        purpose="Let's Encrypt, and Route 53 for the records that prove a name",
        names=lambda _: (*LETSENCRYPT, ROUTE53),
        shown=(*LETSENCRYPT, ROUTE53),
        key="deployment:transit:issuer",
        remedy="write cluster: the cluster's own authority signs",
        due=lambda deployment: (
            "cert-manager" in deployment.components.enabled() and deployment.transit.issuer == "letsencrypt"
        ),
    ),
    Need(
        part="grafana-agent",
        purpose="telemetry to Grafana Cloud",
        names=telemetry_hosts,
        shown=("the hosts of deployment:observability:grafanaCloud and of cloudEndpoint",),
        key="deployment:observability:grafanaCloud",
        remedy="set deployment:vpc:egress to firewall, or switch grafana-agent off",
        due=lambda deployment: bool(telemetry_hosts(deployment)),
    ),
    Need(
        part="external-secrets",
        purpose="tokens of the GitHub App",
        names=lambda _: (GITHUB_API,),
        shown=(GITHUB_API,),
        key="deployment:github:app",
        remedy="set deployment:vpc:egress to firewall, or remove the key",
        due=lambda deployment: (
            deployment.github.app is not None and "external-secrets" in deployment.components.enabled()
        ),
    ),
)


def needs(deployment: Deployment) -> Iterator[Need]:
    """The rows that ``deployment`` has, in the table's order."""
    return (need for need in NEEDS if need.due(deployment))
