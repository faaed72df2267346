"""ExternalDNS: records of the hosts that load balancers answer for."""

from __future__ import annotations

from constructs_lib.components.component import Component, Image
from constructs_lib.components.pods import Container, Pods
from constructs_lib.components.traffic import API_SERVER, INTERNET, POD_IDENTITY

EXTERNAL_DNS = Component(
    name="external-dns",
    purpose="DNS records of the hosts that load balancers answer for",
    chart="external-dns",
    pods=(
        Pods(
            name="external-dns",
            labels={"app.kubernetes.io/name": "external-dns", "app.kubernetes.io/instance": "external-dns"},
            # No leader election: two would write the same records (ExternalDNS documentation, FAQ).
            replicas=1,
            containers={"external-dns": Container(cpu=20, mib=64, limit_mib=128)},
            metrics=7979,
            # Route 53, whose interface has no private endpoint.
            egress=(API_SERVER, POD_IDENTITY, INTERNET),
            source="chart external-dns 1.21: no requests of its own; estimate",
        ),
    ),
    images=(Image(name="external-dns", upstream="registry.k8s.io/external-dns/external-dns", tag="v0.21.0"),),
    identities=("external-dns-sa",),
    # Only this zone, were there others of the same name: its role may change no other.
    from_other_stacks=lambda foundation: {"extraArgs": {"zone-id-filter": foundation.zone_id}},
)
