"""Crossplane: AWS resources as objects of the cluster, of the kinds that its role may make. No compositions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.component import Component, Image, OwnChart
from constructs_lib.components.pods import Container, Pods, Sized
from constructs_lib.components.traffic import API_SERVER, POD_IDENTITY, Flow, aws
from constructs_lib.naming import Naming
from constructs_lib.registry.table import PLATFORM_PREFIX, registry

_CHART = "chart crossplane 2.3: its own requests"
UPSTREAM = "xpkg.crossplane.io"
PROVIDERS_VERSION = "v2.6.0"
# Provider → what its pod calls. Each asks STS whose role it has.
PROVIDERS: Mapping[str, tuple[Flow, ...]] = {
    # The common part, with the definition of the configuration; it manages nothing.
    "provider-family-aws": (),
    "provider-aws-s3": (POD_IDENTITY, aws("sts", "s3")),
    "provider-aws-sns": (POD_IDENTITY, aws("sts", "sns")),
    "provider-aws-sqs": (POD_IDENTITY, aws("sts", "sqs")),
}
# Of the kinds of these providers those that the role is for: each active one is a definition in the API server.
ACTIVATED = (
    "buckets.s3.aws.m.upbound.io",
    "bucketlifecycleconfigurations.s3.aws.m.upbound.io",
    "bucketownershipcontrols.s3.aws.m.upbound.io",
    "bucketpublicaccessblocks.s3.aws.m.upbound.io",
    "bucketserversideencryptionconfigurations.s3.aws.m.upbound.io",
    "bucketversionings.s3.aws.m.upbound.io",
    "queues.sqs.aws.m.upbound.io",
    "topics.sns.aws.m.upbound.io",
)
# Of the table of workload identities: who has the role of the providers.
SERVICE_ACCOUNT = "provider-aws"


def _labels(app: str) -> dict[str, str]:
    return {"app": app, "release": "crossplane"}


def _context(deployment: Deployment, naming: Naming) -> Mapping[str, Any]:
    """``upstream`` is where packages say they are, ``registry_prefix`` where they are."""
    del naming
    return {
        "activated": list(ACTIVATED),
        "packages": [
            {"name": name, "package": f"{UPSTREAM}/crossplane-contrib/{name}:{PROVIDERS_VERSION}"} for name in PROVIDERS
        ],
        "service_account": SERVICE_ACCOUNT,
        "upstream": f"{UPSTREAM}/",
        "registry_prefix": f"{registry(deployment)}/{PLATFORM_PREFIX}/",
    }


def _provider(name: str, calls: tuple[Flow, ...]) -> Pods:
    """Crossplane makes the pods, with our settings (DeploymentRuntimeConfig), and labels them by their provider."""
    return Pods(
        name=name,
        labels={"pkg.crossplane.io/provider": name},
        containers={"package-runtime": Container(cpu=100, mib=384, limit_mib=1024)},
        metrics=8080,
        webhooks=(9443,),
        egress=(API_SERVER, *calls),
        source="estimate: providers state none",
    )


CROSSPLANE = Component(
    name="crossplane",
    purpose="Self-service infrastructure: buckets, queues and topics as objects of the cluster",
    chart="crossplane",
    pods=(
        Pods(
            name="crossplane",
            labels=_labels("crossplane"),
            # One acts, the other waits for its lease.
            replicas=Sized(ha=2, seed_cost=1),
            containers={"crossplane": Container(cpu=100, mib=256, limit_mib=1024)},
            metrics=8080,
            webhooks=(9443,),
            # Packages are images, which it reads itself; their layers come from S3.
            egress=(API_SERVER, POD_IDENTITY, aws("ecr.api", "ecr.dkr", "s3")),
            source=_CHART,
        ),
        Pods(
            name="rbac-manager",
            labels=_labels("crossplane-rbac-manager"),
            replicas=Sized(ha=2, seed_cost=1),
            containers={"crossplane": Container(cpu=100, mib=256, limit_mib=512)},
            metrics=8080,
            egress=(API_SERVER,),
            source=_CHART,
        ),
        *(_provider(name, calls) for name, calls in PROVIDERS.items()),
        Pods(
            name="wait",
            labels={"app.kubernetes.io/name": "crossplane-packages", "app.kubernetes.io/component": "wait"},
            kind="Job",
            containers={"kubectl": Container(cpu=10, mib=64, limit_mib=128)},
            egress=(API_SERVER,),
            source="estimate: kubectl, which waits",
        ),
    ),
    images=(
        Image(name="crossplane", upstream=f"{UPSTREAM}/crossplane/crossplane", tag="v2.3.4"),
        *(
            Image(name=name, upstream=f"{UPSTREAM}/crossplane-contrib/{name}", tag=PROVIDERS_VERSION)
            for name in PROVIDERS
        ),
        Image(name="kubectl", upstream="registry.k8s.io/kubectl", tag="v1.34.2"),
    ),
    identities=("crossplane-sa", "crossplane-packages-sa"),
    # Crossplane brings the definitions of packages, packages bring that of their configuration.
    own_charts=(OwnChart(name="crossplane-packages"), OwnChart(name="crossplane-aws")),
    context=_context,
)
