"""What a hardened deployment's nodes set beyond Bottlerocket's defaults, managed ones and Karpenter's alike. Pure.

Bottlerocket starts hardened: no shell, no SSH, SELinux enforcing, a root file system that dm-verity checks, Secure Boot
on instance types with UEFI. What is here is level 2 of its CIS benchmark, and what a network without a way out asks.

Sources: Bottlerocket documentation, "Settings Reference" and "Security Guidance"; its CIS checks (bloodhound,
bottlerocket-cis-checks), whose numbers are given; Amazon EKS User Guide, "Make your worker nodes FIPS ready with
Bottlerocket FIPS AMIs".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from config.capacity import encrypts_between_hosts
from config.deployment import Deployment
from config.versions import BOTTLEROCKET, BOTTLEROCKET_CONTROL
from constructs_lib.network.aws_sources import bottlerocket_image_account

AmiType = Literal["BOTTLEROCKET_x86_64", "BOTTLEROCKET_x86_64_FIPS"]
# 3.1.1, 3.2.1, 3.2.2, 3.2.3: no router, and nobody tells it routes. 3.2.4: packets from impossible places are logged.
_SWITCHES = {
    "accept_redirects": ("0", ("ipv4", "ipv6")),
    "accept_source_route": ("0", ("ipv4", "ipv6")),
    "log_martians": ("1", ("ipv4",)),
    "secure_redirects": ("0", ("ipv4",)),
    "send_redirects": ("0", ("ipv4",)),
}
# 1.1.1.1 and 3.3.1: a file system of optical disks, and a protocol that nothing here speaks.
_MODULES = ("sctp", "udf")
# Amazon Time Sync Service, which every instance has: the default names a pool in the internet as well.
_CLOCK = "169.254.169.123"
# ECR has no FIPS endpoint by PrivateLink. TLS to the usual endpoint is by the node's validated module all the same.
_USUAL_ENDPOINTS = "[default]\nuse_fips_endpoint=false\n"


def ami_type(deployment: Deployment) -> AmiType:
    """The image of managed nodes, as EKS calls it."""
    return "BOTTLEROCKET_x86_64_FIPS" if deployment.nodes.fips else "BOTTLEROCKET_x86_64"


def image_parameter(deployment: Deployment, arch: str) -> str | None:
    """Public parameter of Systems Manager that holds the id of the FIPS image for ``arch`` (amd64, arm64).

    None without FIPS: Karpenter's alias finds the image then, and knows no FIPS variant (karpenter-provider-aws issue
    8198). With it the Kubernetes minor is in the path, so a new minor replaces the nodes, as with an alias.
    """
    if not deployment.nodes.fips:
        return None
    hardware = {"amd64": "x86_64"}.get(arch, arch)
    variant = f"aws-k8s-{deployment.eks.version}-fips"
    return f"/aws/service/bottlerocket/{variant}/{hardware}/{BOTTLEROCKET}/image_id"


def hardened(deployment: Deployment) -> bool:
    """Whether nodes set anything of this module."""
    return deployment.nodes.fips or deployment.nodes.lockdown != "none"


def node_requirements(deployment: Deployment, instance_types: Iterable[str]) -> tuple[str, ...]:
    """What of PCI DSS v4.0.1 nodes of ``instance_types`` serve: one image, hardened, and encryption between hosts."""
    between = ("4.2.1",) if all(map(encrypts_between_hosts, instance_types)) else ()
    return (*(("2.2.1", "2.2.4", "6.3.3") if hardened(deployment) else ()), *between)


def settings(deployment: Deployment) -> dict[str, Any]:
    """What is below ``settings`` in Bottlerocket's API; empty where nodes aren't hardened."""
    found = _locked(deployment) if deployment.nodes.lockdown != "none" else {}
    if deployment.nodes.fips and deployment.vpc.egress != "open":
        found |= {"aws": _usual_endpoints()}
        found["host-containers"] = found.get("host-containers", {}) | {"control": _control(deployment)}
    return found


def toml(table: Mapping[str, Any], path: str) -> str:
    """``table`` as TOML at ``path`` ("settings"): what it holds itself before its own tables, each sorted by name."""
    inner = {name: value for name, value in sorted(table.items()) if isinstance(value, Mapping)}
    lines = [f"{_key(name)} = {json.dumps(value)}\n" for name, value in sorted(table.items()) if name not in inner]
    parts = ["".join([f"[{path}]\n", *lines])] if lines else []
    return "\n".join([*parts, *(toml(value, f"{path}.{_key(name)}") for name, value in inner.items())])


def _key(name: str) -> str:
    return json.dumps(name) if "." in name else name


def _locked(deployment: Deployment) -> dict[str, Any]:
    """1.5.2 and what goes with it. ``integrity`` lets eBPF read, which Falco and GuardDuty's agent live on."""
    return {
        # Of pods that say nothing; privileged ones have no profile.
        "kubernetes": {"seccomp-default": True},
        "kernel": {
            "lockdown": deployment.nodes.lockdown,
            "modules": {name: {"allowed": False} for name in _MODULES},
            "sysctl": {
                f"net.{family}.conf.{scope}.{name}": value
                for name, (value, families) in _SWITCHES.items()
                for family in families
                for scope in ("all", "default")
            },
        },
        # Off by default; said so that nobody's default decides.
        "host-containers": {"admin": {"enabled": False}},
        "metrics": {"send-metrics": False},
        "ntp": {"time-servers": [_CLOCK]},
    }


def _usual_endpoints() -> dict[str, Any]:
    return {"config": base64.b64encode(_USUAL_ENDPOINTS.encode()).decode()}


def _control(deployment: Deployment) -> dict[str, Any]:
    """The container by which Systems Manager, and Inspector with it, looks into a node.

    The FIPS variant would fetch it from ECR's FIPS endpoint, and get nothing where nothing leads there.
    """
    region = deployment.platform.region
    account = bottlerocket_image_account(region)
    if account is None:
        return {"enabled": False}
    image = f"{account}.dkr.ecr.{region}.amazonaws.com/bottlerocket-control:v{BOTTLEROCKET_CONTROL}"
    return {"enabled": True, "superpowered": False, "source": image}
