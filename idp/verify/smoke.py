"""All smoke tests of one deployment, in the order of the seed's phases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.deployment import Deployment
from constructs_lib.naming import naming_of
from idp.aws import Aws
from idp.findings import Check, Finding, run
from idp.output import Stack
from idp.verify import platform
from idp.verify.delivery import gitops, workflows
from idp.verify.hosts import Fetch, fetch, hosts
from idp.verify.kubectl import Kubectl
from idp.verify.teams import team_can_deploy


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What is tested, and by which means. ``teams`` are those whose deployments are tried."""

    deployment: Deployment
    stacks: Sequence[Stack]
    aws: Aws
    kubectl: Kubectl
    teams: Sequence[str]
    fetch: Fetch = fetch


def verify(deployed: Deployed) -> Iterator[Finding]:
    """Every finding; a part that the deployment doesn't have isn't asked."""
    deployment, kubectl, stacks = deployed.deployment, deployed.kubectl, deployed.stacks
    on = set(deployment.components.enabled())
    checks: dict[str, Check] = {
        f"{platform.PHASE}: cluster": lambda: platform.cluster(deployed.aws, deployment, naming_of(deployment).cluster),
        f"{platform.PHASE}: nodes": lambda: platform.nodes(kubectl, deployment),
        f"{platform.PHASE}: releases": lambda: platform.releases(kubectl, stacks),
        f"{platform.PHASE}: workloads": lambda: platform.workloads(kubectl, stacks),
    }
    if "external-secrets" in on:
        checks["platform: secrets"] = lambda: platform.external_secrets(kubectl)
    if "kyverno" in on:
        checks["platform: policies"] = lambda: platform.policies(kubectl, deployment)
    checks["platform: hosts"] = lambda: hosts(deployment, deployed.fetch)
    if "argo-workflows" in on:
        checks["Workflows execute"] = lambda: workflows(kubectl, deployment)
    if "argocd" in on:
        checks["GitOps flow works"] = lambda: gitops(kubectl, deployment)
    if deployed.teams:
        checks["Team can deploy"] = lambda: team_can_deploy(kubectl, deployment, deployed.teams)
    return run(checks)
