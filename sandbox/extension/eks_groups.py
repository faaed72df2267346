"""The security group that EKS makes with each cluster, in moto's EC2.

Source: Amazon EKS User Guide, "View Amazon EKS security group requirements for clusters".
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sandbox.extension.application import Request


def create(request: Request, cluster: str, subnet_ids: Sequence[str]) -> tuple[str, str]:
    """(VPC id, id of a new group) for a cluster in ``subnet_ids``."""
    ec2 = _ec2(request)
    vpc: str = ec2.get_subnet(subnet_ids[0]).vpc_id
    group = ec2.create_security_group(
        f"eks-cluster-sg-{cluster}-{uuid.uuid4().int % 10**8}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
        vpc_id=vpc,
        tags={"Name": f"eks-cluster-sg-{cluster}", f"kubernetes.io/cluster/{cluster}": "owned"},
    )
    return vpc, group.id


def delete(request: Request, group_id: str) -> None:
    _ec2(request).delete_security_group(group_id=group_id)


def _ec2(request: Request) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[request.account][request.region]
