"""Keys and tokens of one test cluster. All are made anew for it and are worth nothing outside it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ADMIN = "admin"
CONTROLLERS = "system:kube-controller-manager"
SCHEDULER = "system:kube-scheduler"
# The controller manager acts under its own name for all its controllers here, which no role of Kubernetes' own allows;
# the scheduler's name is bound to its role by Kubernetes.
_GROUPS = {ADMIN: "system:masters", CONTROLLERS: "system:masters", SCHEDULER: "system:authenticated"}


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Files under ``directory``: the service-account key, the token file, and the certificates the API server makes."""

    directory: Path
    tokens: dict[str, str]

    @property
    def service_account_key(self) -> Path:
        return self.directory / "service-account.key"

    @property
    def token_file(self) -> Path:
        return self.directory / "tokens.csv"

    @property
    def certificate(self) -> Path:
        """Self-signed by the API server at its start, so it is its own authority."""
        return self.directory / "apiserver.crt"

    def kubeconfig(self, user: str, server: str) -> Path:
        """A kubeconfig of ``user``, written as JSON, which is YAML."""
        path = self.directory / f"{user.replace(':', '-')}.kubeconfig"
        cluster = {"server": server, "certificate-authority": str(self.certificate)}
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": user, "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
            "current-context": "test",
        }
        path.write_text(json.dumps(document), encoding="utf-8")
        path.chmod(0o600)
        return path


def issue(directory: Path) -> Credentials:
    """Make the key and the tokens in ``directory``."""
    directory.mkdir(parents=True, exist_ok=True)
    made = Credentials(directory=directory, tokens={user: secrets.token_hex(16) for user in _GROUPS})
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    made.service_account_key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    lines = [f'{token},{user},{user},"{_GROUPS[user]}"' for user, token in made.tokens.items()]
    made.token_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made
