"""The daemons that build images: one for code of people who may push, one for strangers' (docs/adr/0017). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.addons.namespaces import BUILDS, PULL_REQUESTS
from constructs_lib.eks.node_settings import POOL_LABEL

PORT = 1234
# In the namespace of each client, made by cert-manager: ca.crt, tls.crt, tls.key.
CLIENT_SECRET = "buildkit-client"
POOL = "builds"
PLACEMENT: Mapping[str, Any] = {
    "nodeSelector": {POOL_LABEL: POOL},
    "tolerations": [{"key": POOL_LABEL, "operator": "Equal", "value": POOL, "effect": "NoSchedule"}],
}
# Pod Security and the policies admit the daemons by it. It ends: by then somebody has looked whether user namespaces of
# pods (Kubernetes documentation, "User Namespaces") do without it.
EXCEPTION_UNTIL = "2027-09-30"
EXCEPTION_OF_IMAGE_REASON = "Docker Hub has no cache in ECR before somebody stores a login to it"
EXCEPTION_REASON = "buildkitd without root makes user namespaces and mounts in them: no seccomp and AppArmor profile"


@dataclass(frozen=True, kw_only=True)
class Daemon:
    """``clients`` are namespaces; ``cache`` is the size of a volume, or empty where it forgets with its pod."""

    name: str
    clients: tuple[str, ...]
    cache: str = ""

    @property
    def labels(self) -> dict[str, str]:
        """Of its pod, which its Service selects by."""
        return {"app.kubernetes.io/name": self.name, "app.kubernetes.io/instance": "build-daemon"}

    @property
    def address(self) -> str:
        """Where clients call it, by the name that its certificate has."""
        return f"tcp://{self.name}.{BUILDS.name}.svc:{PORT}"


# Namespaces of teams are further clients, each by its own stack.
TRUSTED = Daemon(name="buildkitd", clients=("argo",), cache="60Gi")
UNTRUSTED = Daemon(name="buildkitd-untrusted", clients=(PULL_REQUESTS.name,))
DAEMONS = (TRUSTED, UNTRUSTED)
