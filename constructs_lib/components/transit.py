"""Encryption between load balancer and pod: certificates of the cluster's own authority. Pure: imports no engine.

A Secret that the authority's issuer fills has the authority's own certificate beside the pod's (cert-manager
documentation, "Certificate resource"): who connects takes ``ca.crt`` from the namespace that it connects in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.components.component import Component, ServerCertificate
from constructs_lib.helm.blocks import block, remember

CHART = "component-certificates"
# The ClusterIssuer, and the Secret of its own certificate.
AUTHORITY = "platform-authority"
CERT_MANAGER = "cert-manager"
# Hours. A pod's certificate is made anew every sixty days, and its Secret then holds the authority's newest. The
# authority's is renewed half a year before it ends, with the same key: by then every Secret has been made anew.
DURATION, RENEW_BEFORE = 2160, 720
AUTHORITY_DURATION, AUTHORITY_RENEW_BEFORE = 17520, 4320


def own_authority(deployment: Deployment) -> bool:
    """Whether the cluster signs certificates itself, and asks nobody outside."""
    return deployment.transit.issuer == "cluster"


def serves_tls(component: Component, deployment: Deployment) -> bool:
    """Whether the component's pods have certificates of the cluster's authority."""
    return deployment.transit.to_pods and bool(component.certificates)


def certificates_name(component: Component) -> str:
    return f"{component.name}-certificates"


def authority_values(deployment: Deployment) -> dict[str, Any]:
    """The values of chart ``cluster-authority``."""
    return {
        "name": AUTHORITY,
        "namespace": NAMESPACES[CERT_MANAGER].name,
        "duration": f"{AUTHORITY_DURATION}h",
        "renewBefore": f"{AUTHORITY_RENEW_BEFORE}h",
        "toPods": deployment.transit.to_pods,
    }


def certificates_values(component: Component, deployment: Deployment) -> str:
    """The values file of the component's certificates."""
    hosts = {name: each.domain for name, each in deployment.components.hosts().items()}
    values = {
        "issuer": AUTHORITY,
        "duration": f"{DURATION}h",
        "renewBefore": f"{RENEW_BEFORE}h",
        "certificates": [
            {"name": each.name, "dnsNames": _names(component, each, hosts)} for each in component.certificates
        ],
    }
    said = f"# Certificates of component {component.name}'s pods: from the registry of components."
    return remember(f"{said}\n{block(values)}\n", values)


def _names(component: Component, certificate: ServerCertificate, hosts: Mapping[str, str]) -> list[str]:
    """Names by which others reach the Service, and the component's own host."""
    services = [
        f"{service}{suffix}"
        for service in certificate.services
        for suffix in ("", f".{component.namespace}", f".{component.namespace}.svc")
    ]
    host = [hosts[component.name]] if certificate.host and component.name in hosts else []
    return [*services, *certificate.names, *host]
