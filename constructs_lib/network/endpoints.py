"""Which interface endpoints a profile has, and why. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.deployment import Deployment, Vpc
from config.types import EndpointProfile


@dataclass(frozen=True, kw_only=True)
class Service:
    """One AWS service behind an interface endpoint.

    ``action`` is its IAM prefix. ``own_resources`` limits callers to resources of the deployment's account, where the
    service could carry data out. ``policy`` is False where AWS doesn't document that the endpoint takes a policy:
    creating one with a policy would fail, and without one all principals may use it.
    """

    action: str
    reason: str
    own_resources: bool = False
    policy: bool = True


# Service names without the prefix com.amazonaws.<region>.
# Source: AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink".
SERVICES: Mapping[str, Service] = {
    "ecr.api": Service(action="ecr", reason="nodes ask for the token and for image metadata"),
    "ecr.dkr": Service(action="ecr", reason="nodes pull image manifests; layers come from S3"),
    "secretsmanager": Service(
        action="secretsmanager", reason="External Secrets and the database bootstrap read secrets", own_resources=True
    ),
    "sts": Service(action="sts", reason="role chaining, and web identities where a workload still uses them"),
    "logs": Service(action="logs", reason="agents write to CloudWatch Logs", own_resources=True),
    "monitoring": Service(action="cloudwatch", reason="agents write CloudWatch metrics", own_resources=True),
    "eks": Service(action="eks", reason="nodes describe their cluster while they join"),
    "eks-auth": Service(action="eks-auth", reason="the Pod Identity agent gets the pods' credentials", policy=False),
    "ec2": Service(action="ec2", reason="the VPC CNI, the EBS driver and Karpenter manage interfaces and volumes"),
    "kms": Service(action="kms", reason="pods that encrypt by themselves", own_resources=True),
    "sqs": Service(action="sqs", reason="Karpenter reads interruption messages", own_resources=True),
    "elasticloadbalancing": Service(
        action="elasticloadbalancing", reason="the load balancer controller makes load balancers"
    ),
    "wafv2": Service(action="wafv2", reason="the load balancer controller puts the web ACL before load balancers"),
    "autoscaling": Service(action="autoscaling", reason="managed node groups are Auto Scaling groups"),
    "ssm": Service(action="ssm", reason="Karpenter looks up machine images; Session Manager"),
    "ssmmessages": Service(action="ssmmessages", reason="Session Manager's data channel"),
    "ec2messages": Service(action="ec2messages", reason="older SSM agents take commands through it"),
}
_BASIC = ("ecr.api", "ecr.dkr", "secretsmanager", "sts", "logs", "monitoring")
PROFILES: Mapping[EndpointProfile, tuple[str, ...]] = {
    "none": (),
    "basic_one_az": _BASIC,
    "basic": _BASIC,
    "full": tuple(SERVICES),
}
# What only some deployments call, and no profile has.
FURTHER: Mapping[str, Service] = {
    # Amazon GuardDuty User Guide, "Prerequisite - Creating an Amazon VPC endpoint".
    "guardduty-data": Service(action="guardduty", reason="GuardDuty's agent on nodes sends what it sees"),
    "events": Service(action="events", reason="workloads put events on the deployment's bus", own_resources=True),
}
# Systems Manager User Guide, "Improve the security of EC2 instances by using VPC endpoints for Systems Manager".
SESSION_SERVICES = ("ssm", "ssmmessages", "ec2messages")


def services(vpc: Vpc) -> tuple[str, ...]:
    """Names of the services that ``vpc`` has endpoints for: the profile's, and a session's where no NAT carries it."""
    chosen = PROFILES[vpc.endpoints]
    if vpc.access_host and vpc.egress != "open":
        chosen += tuple(name for name in SESSION_SERVICES if name not in chosen)
    return chosen


def all_services(deployment: Deployment) -> tuple[str, ...]:
    """``services`` of the VPC, and what the deployment's agents and events need beside them."""
    chosen = services(deployment.vpc)
    if deployment.account.guardduty == "managed":
        chosen += ("guardduty-data",)
    if deployment.events.forward and deployment.vpc.egress != "open":
        chosen += ("events",)
    return chosen


def service(name: str) -> Service:
    """The row of an endpoint. Raises KeyError where there is none."""
    return FURTHER[name] if name in FURTHER else SERVICES[name]


def zones(vpc: Vpc) -> Sequence[str]:
    """Zones that endpoints have network interfaces in; private DNS serves the other zones from there, too."""
    return vpc.zones if vpc.endpoints in ("basic", "full") else vpc.zones[:1]
