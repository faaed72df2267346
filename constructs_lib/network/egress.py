"""What may leave the VPC, by CIDR and by name. Pure: imports no engine."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from config.allowed import is_cidr
from config.deployment import Deployment, Vpc
from constructs_lib.egress import table


def cidrs(vpc: Vpc) -> tuple[str, ...]:
    """The CIDRs of ``allowed_egress``, sorted by address."""
    found = [ipaddress.IPv4Network(way) for way in vpc.allowed_egress if is_cidr(way)]
    return tuple(str(network) for network in sorted(found))


def names(vpc: Vpc) -> tuple[str, ...]:
    """The names of ``allowed_egress``, sorted; ``*.`` in front stands for every name below."""
    return tuple(sorted(way for way in vpc.allowed_egress if not is_cidr(way)))


def admitted(deployment: Deployment) -> tuple[str, ...]:
    """Every name that may be connected to outside of the VPC: what workloads were allowed, and what components need."""
    if deployment.vpc.egress != "firewall":
        return ()
    return tuple(sorted({*names(deployment.vpc), *table.names(deployment)}))


def targets(admitted_names: Iterable[str]) -> list[str]:
    """Names as a domain list of Network Firewall has them: a dot in front for all names below, and the name itself.

    Source: AWS Network Firewall API reference, RulesSourceList, Targets.
    """
    return sorted({name.removeprefix("*") for name in admitted_names})


def questions(admitted_names: Iterable[str], domain: str, region: str) -> list[str]:
    """Names that may be asked for, as a domain list of DNS Firewall returns them: with the root's dot at the end.

    Beside ``admitted_names`` these are the names of AWS services, whose endpoints' private DNS answers them (those of
    EKS Pod Identity and of dual-stack endpoints end in api.aws), of the VPC's own hosts and addresses, and of
    ``domain``, which the load balancers have. Names within the cluster are answered by coredns and never asked here.
    Sources: AWS General Reference, "AWS service endpoints"; Amazon VPC User Guide, "DNS attributes for your VPC".
    """
    hosts = "*.ec2.internal" if region == "us-east-1" else f"*.{region}.compute.internal"
    own = ("*.amazonaws.com", "*.api.aws", hosts, "*.in-addr.arpa", domain, f"*.{domain}")
    return sorted(f"{name}." for name in {*admitted_names, *own})
