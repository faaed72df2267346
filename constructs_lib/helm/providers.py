"""The helm and kubernetes providers of a stack, logging in by ``aws eks get-token``."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_helm.provider import HelmProvider, HelmProviderKubernetes, HelmProviderKubernetesExec
from cdktf_cdktf_provider_kubernetes.provider import KubernetesProvider, KubernetesProviderExec

from constructs_lib.stack import PlatformStack

HELM_PROVIDER = {"source": "hashicorp/helm", "version": ">= 3.1.0, < 4.0.0"}
KUBERNETES_PROVIDER = {"source": "hashicorp/kubernetes", "version": ">= 2.38.0, < 3.0.0"}
# The version that `aws eks get-token` prints (AWS CLI Command Reference, eks get-token).
EXEC_API = "client.authentication.k8s.io/v1beta1"


@dataclass(frozen=True, kw_only=True)
class ClusterAccess:
    """Where the API is: ``endpoint`` is its https address, ``certificate_authority`` a PEM bundle in base 64."""

    endpoint: str
    certificate_authority: str


def helm_provider(stack: PlatformStack, access: ClusterAccess) -> None:
    """Add the helm provider. Version 3 takes ``kubernetes`` and ``exec`` as attributes, no longer as blocks."""
    stack.add_provider(
        HelmProvider,
        "helm",
        kubernetes=HelmProviderKubernetes(
            host=access.endpoint,
            cluster_ca_certificate=_certificate(access),
            exec=HelmProviderKubernetesExec(api_version=EXEC_API, command="aws", args=_login(stack)),
        ),
    )
    stack.override("terraform.required_providers.helm", HELM_PROVIDER)


def kubernetes_provider(stack: PlatformStack, access: ClusterAccess) -> None:
    """Add the kubernetes provider, for the few objects that exist before any release."""
    stack.add_provider(
        KubernetesProvider,
        "kubernetes",
        host=access.endpoint,
        cluster_ca_certificate=_certificate(access),
        exec=[KubernetesProviderExec(api_version=EXEC_API, command="aws", args=_login(stack))],
    )
    stack.override("terraform.required_providers.kubernetes", KUBERNETES_PROVIDER)


def _login(stack: PlatformStack) -> list[str]:
    """A token is made for each call and kept nowhere: one in state or in a saved plan is dead after 15 minutes."""
    region = stack.deployment.platform.region
    return ["eks", "get-token", "--cluster-name", stack.naming.cluster, "--region", region, "--output", "json"]


def _certificate(access: ClusterAccess) -> str:
    inner = access.certificate_authority.removeprefix("${").removesuffix("}")
    return f"${{base64decode({inner})}}"
