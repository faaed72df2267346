"""Component × way out: what a firewall admits, and what replaces the rest. Pure: imports no engine."""

from __future__ import annotations

from dataclasses import dataclass

from config.deployment import Deployment
from config.egress import needs


def names(deployment: Deployment) -> tuple[str, ...]:
    """Domain names that a firewall must admit at port 443 for the components that are on; sorted, each once.

    Without those of ``vpc.allowed_egress``, which are the workloads'. A ``*.`` in front stands for every name below.
    """
    return tuple(sorted({name for need in needs(deployment) for name in need.names(deployment)}))


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """``part`` would need a way out for ``purpose`` as its makers ship it. ``otherwise`` is what it has where at most
    listed names leave the VPC; ``open`` what it has where a NAT gateway carries everything, or the same."""

    part: str
    purpose: str
    otherwise: str
    open: str = "the same"


REPLACED: tuple[Replaced, ...] = (
    Replaced(
        part="images",
        purpose="the first pull of an image through a cache",
        open="ECR's pull-through caches",
        otherwise="copies in ECR, made beforehand (below)",
    ),
    Replaced(
        part="argo-workflows",
        purpose="full definitions of its kinds, which a Job reads from GitHub",
        otherwise="the chart's own definitions (`crds.full: false`)",
    ),
    Replaced(
        part="argo-rollouts",
        purpose="metrics that judge a rollout, asked of Grafana Cloud",
        open="Grafana Cloud",
        otherwise="Grafana Cloud by the firewall, as grafana-agent; nothing is asked where that is off",
    ),
    Replaced(
        part="falco",
        purpose="index, rules and plugins, which falcoctl fetches",
        otherwise="stable rules and container plugin of its image, our rules in the values; falcoctl is off",
    ),
    Replaced(
        part="karpenter",
        purpose="prices, and instance profiles that it would make in IAM: neither has an endpoint",
        open="prices by NAT; the profile is Terraform's",
        otherwise="the prices that it was built with (`settings.isolatedVPC: true`); the profile is Terraform's",
    ),
    Replaced(
        part="aws-load-balancer-controller",
        purpose="ACM, WAF and Shield",
        otherwise="certificates by ARN, WAF by its endpoint, Shield off",
        open="certificates by ARN, WAF by its endpoint or NAT, Shield off",
    ),
    Replaced(
        part="kyverno",
        purpose="sigstore's keys and transparency log for signatures",
        otherwise="signatures by a key in KMS, without the log: ECR and KMS by endpoints",
    ),
    Replaced(
        part="cert-manager",
        purpose="Let's Encrypt",
        open="Let's Encrypt, or the cluster's own authority (`deployment:transit:issuer`)",
        otherwise="the cluster's own authority; Let's Encrypt by the firewall where it is chosen",
    ),
    Replaced(
        part="crossplane",
        purpose="packages of xpkg.crossplane.io",
        otherwise="copies in our registry, by an ImageConfig that rewrites their address",
    ),
    Replaced(
        part="external-secrets",
        purpose="AWS Secrets Manager and ECR's tokens",
        otherwise="their endpoints",
        open="their endpoints",
    ),
    Replaced(
        part="velero",
        purpose="S3 (volumes are snapshots of the EBS driver)",
        otherwise="S3's gateway endpoint; its plugin is a copied image",
    ),
    Replaced(
        part="nodes",
        purpose="machine images, time",
        otherwise="SSM's and EC2's endpoints; time by the link-local address of every VPC",
    ),
    Replaced(
        part="charts",
        purpose="packages of Helm charts",
        otherwise="read where Terraform runs, which isn't in the VPC: it reaches the private API by the access host",
    ),
)
