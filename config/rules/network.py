"""Rules of the VPC: its range, zones, and ways out."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from config.allowed import covers, is_cidr
from config.compliance import Egress
from config.deployment import Deployment
from config.file import DeploymentFile
from config.problems import nearest
from config.regions import OTHER_ZONES, REGIONS
from config.rules.finding import Finding, twice
from config.types import NatMode

# RFC 1918. Amazon VPC User Guide, "VPC CIDR blocks", recommends them; the service range must be in them, too.
PRIVATE = tuple(ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
PRIVATE_WORDS = ", ".join(str(network) for network in PRIVATE)
# Amazon VPC User Guide, "VPC CIDR blocks": a /28 to a /16. The subnet plan of four zones fills a /16.
VPC_PREFIX = 16
# Amazon EKS API reference, KubernetesNetworkConfigRequest, serviceIpv4Cidr: between /24 and /12.
SERVICE_PREFIXES = range(12, 25)
_EGRESS = "deployment:vpc:egress"
_ALLOWED = "deployment:networkPolicies:allowedEgress"
# What may leave → how NAT gateways may be, the least first.
_NAT: Mapping[Egress, tuple[NatMode, ...]] = {
    "open": ("per_az", "single"),
    "firewall": ("per_az",),
    "none": ("none",),
}
# Half of what a rule group of CIDRs holds (constructs_lib.network.firewall_rules).
MOST_WAYS = 100
# The widest that a team may name (config.rules.teams), too.
WIDEST = 16
# RFC 6890, beside RFC 1918: this network, shared addresses, loopback, link-local, multicast, reserved.
NOT_PUBLIC = (
    *PRIVATE,
    *(
        ipaddress.IPv4Network(cidr)
        for cidr in ("0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")
    ),
)


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


def egress_and_nat(deployment: Deployment) -> Iterator[Finding]:
    """NAT gateways are where what may leave says so: each zone's behind the firewall, none where nothing leaves."""
    vpc, key = deployment.vpc, "deployment:vpc:natGateways"
    if vpc.nat_gateways not in _NAT[vpc.egress]:
        wanted = " or ".join(_NAT[vpc.egress])
        yield Finding(
            key=key,
            value=vpc.nat_gateways,
            message=f"must be {wanted} where {_EGRESS} is {vpc.egress}",
            remedy=f"write {_NAT[vpc.egress][-1]}, or another {_EGRESS}",
        )


def public_hosts(deployment: Deployment) -> Iterator[Finding]:
    """Without a way out there is no internet gateway, and so no load balancer that faces the internet."""
    hosts = [name for name, settings in deployment.components.hosts().items() if settings.exposure == "public"]
    if deployment.vpc.egress == "none" and hosts:
        yield Finding(
            key=_EGRESS,
            value=deployment.vpc.egress,
            message=f"must not be none where components face the internet: {', '.join(hosts)}",
            remedy='write "exposure": "internal" for them, or another value',
        )


def allowed_ways(deployment: Deployment) -> Iterator[Finding]:
    """What workloads may reach passes a firewall; it is public, narrow, and named once."""
    ways = deployment.vpc.allowed_egress
    if ways and deployment.vpc.egress != "firewall":
        yield Finding(
            key=_ALLOWED,
            value=list(ways),
            message=f"must be empty where {_EGRESS} is {deployment.vpc.egress}: only a firewall tells them apart",
            remedy=f"remove it, or set {_EGRESS} to firewall",
        )
    if len(ways) > MOST_WAYS:
        message = f"holds {len(ways)} entries, and the firewall's rules have room for {MOST_WAYS}"
        yield Finding(key=_ALLOWED, value=None, message=message, remedy="sum CIDRs up, or write *. names")
    yield from twice(_ALLOWED, ways, "a destination")
    for index, way in enumerate(ways):
        key = f"{_ALLOWED}[{index}]"
        yield from _wrong_range(key, way) if is_cidr(way) else ()
        wider = next((each for each in ways if each != way and covers(each, way)), None)
        if wider:
            message = f"is covered by {wider}, which is listed, too"
            yield Finding(key=key, value=way, message=message, remedy="remove one of the two")


def _wrong_range(key: str, way: str) -> Iterator[Finding]:
    network = ipaddress.IPv4Network(way)
    if network.prefixlen < WIDEST:
        message, remedy = f"must be a /{WIDEST} or narrower", "list the networks that are needed"
        yield Finding(key=key, value=way, message=message, remedy=remedy)
    elif any(network.overlaps(each) for each in NOT_PUBLIC):
        message = "must be public: the firewall stands before the internet only, and reserved ranges are in none"
        yield Finding(key=key, value=way, message=message, remedy="remove it")


def _private(network: ipaddress.IPv4Network) -> bool:
    return any(network.subnet_of(private) for private in PRIVATE)


FILE_RULES = (vpc_range, region, zones)
DEPLOYMENT_RULES = (service_range, ways_out, egress_and_nat, public_hosts, allowed_ways)
