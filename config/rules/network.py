"""Rules of the VPC: its range, zones, and ways out."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from config.deployment import Deployment
from config.file import DeploymentFile
from config.problems import nearest
from config.regions import OTHER_ZONES, REGIONS
from config.rules.finding import Finding, twice

# RFC 1918. Amazon VPC User Guide, "VPC CIDR blocks", recommends them; the service range must be in them, too.
PRIVATE = tuple(ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
PRIVATE_WORDS = ", ".join(str(network) for network in PRIVATE)
# Amazon VPC User Guide, "VPC CIDR blocks": a /28 to a /16. The subnet plan of four zones fills a /16.
VPC_PREFIX = 16
# Amazon EKS API reference, KubernetesNetworkConfigRequest, serviceIpv4Cidr: between /24 and /12.
SERVICE_PREFIXES = range(12, 25)


def vpc_range(file: DeploymentFile) -> Iterator[Finding]:
    """The VPC is a private /16."""
    network = ipaddress.IPv4Network(file.vpc_cidr)
    if network.prefixlen == VPC_PREFIX and _private(network):
        return
    yield Finding(
        key="deployment:vpc:cidr",
        value=file.vpc_cidr,
        message=f"must be a /{VPC_PREFIX} within {PRIVATE_WORDS}: the subnet plan for four zones needs all of it",
        remedy="write one, such as 10.100.0.0/16",
    )


def region(file: DeploymentFile) -> Iterator[Finding]:
    """The region is one that the platform knows EKS's images of."""
    if file.platform_region not in REGIONS:
        near = nearest(file.platform_region, REGIONS)
        yield Finding(
            key="platform:region",
            value=file.platform_region,
            message=f"must be one of {', '.join(REGIONS)}: of no other region is it known where EKS keeps its images",
            remedy=f"did you mean {near}?" if near else "choose one of them",
        )


def zones(file: DeploymentFile) -> Iterator[Finding]:
    """Named zones are of the region, named once, and enough."""
    key, region = "deployment:vpc:zones", file.platform_region
    if file.vpc_zones is None:
        if region in OTHER_ZONES:
            message = f"is required in {region}, whose zones are {OTHER_ZONES[region]}"
            yield Finding(key=key, value=None, message=message, remedy="name the zones of your account")
        return
    yield from twice(key, file.vpc_zones, "a zone")
    for index, zone in enumerate(file.vpc_zones):
        if zone[:-1] != region:
            message = f"must be a zone of platform:region, {region}"
            yield Finding(key=f"{key}[{index}]", value=zone, message=message, remedy=f"write a zone such as {region}a")
    if len(set(file.vpc_zones)) < file.vpc_max_azs:
        message = f"must name at least {file.vpc_max_azs} zones, as many as deployment:vpc:maxAzs"
        yield Finding(key=key, value=file.vpc_zones, message=message, remedy="name more zones, or lower maxAzs")


def service_range(deployment: Deployment) -> Iterator[Finding]:
    """The range of Services is one that EKS takes, and none of the VPC's addresses."""
    key, cidr = "deployment:eks:serviceCidr", deployment.eks.service_cidr
    network = ipaddress.IPv4Network(cidr)
    if network.prefixlen not in SERVICE_PREFIXES or not _private(network):
        yield Finding(
            key=key,
            value=cidr,
            message=f"must be a /12 to /24 within {PRIVATE_WORDS}, as EKS requires",
            remedy="write one, such as 172.20.0.0/16",
        )
    if network.overlaps(ipaddress.IPv4Network(deployment.vpc.cidr)):
        yield Finding(
            key=key,
            value=cidr,
            message=f"must not overlap deployment:vpc:cidr, {deployment.vpc.cidr}",
            remedy="move one of the two ranges",
        )


def ways_out(deployment: Deployment) -> Iterator[Finding]:
    """Without NAT, nodes need an endpoint of every AWS service that they call to join their cluster."""
    vpc = deployment.vpc
    if vpc.nat_gateways == "none" and vpc.endpoints != "full":
        yield Finding(
            key="deployment:vpc:endpoints",
            value=vpc.endpoints,
            message="must be full where deployment:vpc:natGateways is none: nodes have no other way to ec2, eks-auth "
            "and the other AWS services that they need",
            remedy="set deployment:vpc:endpoints to full, or deployment:vpc:natGateways to single or per_az",
        )


def _private(network: ipaddress.IPv4Network) -> bool:
    return any(network.subnet_of(private) for private in PRIVATE)


FILE_RULES = (vpc_range, region, zones)
DEPLOYMENT_RULES = (service_range, ways_out)
