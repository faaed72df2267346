"""Which requirements of PCI DSS v4.0.1 the releases of components help to meet. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# A component's base closes its namespace: network policies, one for each of its pods, and what they say they need.
BASE: tuple[str, ...] = ("1.2.5", "1.3.1", "1.3.2")
# Its address: whoever administers by it does so encrypted.
INGRESS: tuple[str, ...] = ("2.2.7", "4.2.1")
# Its pods' certificates, and a list of who has which.
CERTIFICATES: tuple[str, ...] = ("2.2.7", "4.2.1", "4.2.1.1")
# Chart of ours beside a component's → requirements.
OWN: Mapping[str, tuple[str, ...]] = {"cluster-authority": ("2.2.7", "4.2.1", "4.2.1.1")}
# Component → requirements of its chart.
CHARTS: Mapping[str, tuple[str, ...]] = {
    "cert-manager": ("4.2.1", "4.2.1.1"),
    "external-secrets": ("8.6.2", "8.6.3"),
    "falco": ("5.3.2", "11.5.1", "11.5.2"),
    "kyverno": ("2.2.1", "2.2.4", "2.2.6"),
    "velero": ("12.10.1",),
}
