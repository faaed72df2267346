"""Rules of the EKS cluster."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from config.deployment import Deployment
from config.file import DeploymentFile
from config.rules.finding import Finding, twice
from config.support import unsupported
from config.versions import MINORS

# A wider network is a good part of the internet.
BROADEST_PREFIX = 8
# Amazon EKS User Guide, "View and manage Amazon EKS and AWS Fargate service quotas": public endpoint access CIDRs.
PUBLIC_CIDRS_MAX = 40
# Amazon EKS User Guide, "Configure network access to cluster API server endpoint": no reserved addresses.
UNREACHABLE = tuple(
    ipaddress.IPv4Network(cidr)
    for cidr in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
)
CIDRS = "deployment:eks:publicAccessCidrs"


def version(file: DeploymentFile) -> Iterator[Finding]:
    """The minor is one that the platform's charts and add-ons were chosen for."""
    if file.eks_version not in MINORS:
        yield Finding(
            key="deployment:eks:version",
            value=file.eks_version,
            message=f"must be one of {', '.join(MINORS)}, which add-ons and charts are pinned for",
            remedy="choose one of them; config/versions.py says how long AWS supports each",
        )


def charts(deployment: Deployment) -> Iterator[Finding]:
    """Every chart that the deployment installs is made for the minor."""
    minor = deployment.eks.version
    if minor not in MINORS:
        return  # the rule of the file says so
    for component, admitted in unsupported(minor, deployment.components.enabled()):
        yield Finding(
            key="deployment:eks:version",
            value=minor,
            message=f"must be one that {component} is made for at its pinned version: {admitted}",
            remedy=f"choose such a minor, switch {component} off, or update its pin in config/versions.py",
        )


def system_nodes(deployment: Deployment) -> Iterator[Finding]:
    """The range of system nodes isn't empty, and their types differ."""
    nodes = deployment.eks.system_nodes
    yield from twice("deployment:eks:systemInstanceTypes", nodes.instance_types, "an instance type")
    if nodes.min > nodes.max:
        yield Finding(
            key="deployment:eks:systemMinNodes",
            value=nodes.min,
            message=f"must not be larger than deployment:eks:systemMaxNodes, {nodes.max}",
            remedy="lower the one or raise the other",
        )


def endpoint(deployment: Deployment) -> Iterator[Finding]:
    """A public endpoint is open to declared networks only, and only where the environment admits one."""
    eks = deployment.eks
    if eks.endpoint_access == "private_only":
        if eks.public_access_cidrs:
            message = "must be empty where deployment:eks:endpointAccess is private_only: nothing reads it"
            yield Finding(key=CIDRS, value=eks.public_access_cidrs, message=message, remedy="remove the list")
        return
    if not deployment.policy.public_endpoint:
        yield Finding(
            key="deployment:eks:endpointAccess",
            value=eks.endpoint_access,
            message=f"must be private_only in environment {deployment.environment}",
            remedy="remove the key, or write private_only",
            flag="public_endpoint",
        )
    elif not eks.public_access_cidrs:
        yield Finding(
            key=CIDRS,
            value=eks.public_access_cidrs,
            message="must name the networks that may reach the public API endpoint",
            remedy="list the addresses that you work from, or set deployment:eks:endpointAccess to private_only",
        )


def public_networks(deployment: Deployment) -> Iterator[Finding]:
    """The networks of the public endpoint are public, and none is a good part of the internet."""
    cidrs = deployment.eks.public_access_cidrs
    yield from twice(CIDRS, cidrs, "a network")
    if len(cidrs) > PUBLIC_CIDRS_MAX:
        message = f"must hold at most {PUBLIC_CIDRS_MAX} networks, EKS's limit"
        yield Finding(key=CIDRS, value=len(cidrs), message=message, remedy="merge neighbouring networks")
    for index, cidr in enumerate(cidrs):
        network = ipaddress.IPv4Network(cidr)
        if network.prefixlen < BROADEST_PREFIX:
            message = (
                f"must be a /{BROADEST_PREFIX} or a smaller network: the API server isn't open to the whole internet"
            )
        elif any(network.overlaps(private) for private in UNREACHABLE):
            message = "must be public addresses: the endpoint never sees private ones"
        else:
            continue
        remedy = "list the public addresses that you work from, such as 203.0.113.0/24"
        yield Finding(key=f"{CIDRS}[{index}]", value=cidr, message=message, remedy=remedy)


def readable_kernel(deployment: Deployment) -> Iterator[Finding]:
    """What watches nodes reads the kernel by eBPF, which kernel lockdown refuses at its highest level.

    Source: kernel_lockdown(7); falcosecurity/falco issue 3416.
    """
    readers = ["Falco"] if "falco" in deployment.components.enabled() else []
    readers += ["GuardDuty's agent"] if deployment.account.guardduty == "managed" else []
    if deployment.nodes.lockdown == "confidentiality" and readers:
        yield Finding(
            key="deployment:nodes:lockdown",
            value="confidentiality",
            message=f"must not be confidentiality beside {' and '.join(readers)}: eBPF reads no kernel memory then",
            remedy="set it to integrity",
        )


FILE_RULES = (version,)
DEPLOYMENT_RULES = (charts, system_nodes, readable_kernel, endpoint, public_networks)
