"""What follows from the settings of the system nodes: names, labels, Bottlerocket's user data. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from config.deployment import Deployment
from constructs_lib.eks.hardening import settings, toml

# Which pool a node belongs to, whether a managed group or Karpenter made it.
POOL_LABEL = "platform/pool"
SYSTEM_POOL = "system"
# The taint that add-ons of EKS tolerate by themselves: coredns, the EBS CSI controller (Kubernetes documentation,
# "Guaranteed scheduling for critical add-on pods").
TAINT_KEY = "CriticalAddonsOnly"
# EKS API reference, CreateNodegroup: nodegroupName has at most 63 characters.
_NAME_MAX = 63


def user_data(deployment: Deployment) -> str:
    """Bottlerocket's settings as TOML; EKS adds cluster name, endpoint and certificate, and these win.

    Sources: Amazon EKS User Guide, "Customize managed nodes with launch templates" (Bottlerocket user data);
    Bottlerocket documentation, "settings.kubernetes.*".
    """
    found = settings(deployment)
    kubernetes = {"max-pods": deployment.eks.system_nodes.max_pods} | found.get("kubernetes", {})
    return toml(found | {"kubernetes": kubernetes}, "settings")


def group_name(instance_types: Sequence[str]) -> str:
    """Name of the system node group: ``system-t3a-medium``.

    Instance types can't change in a group. With them in its name, the next group is there before the first one goes.
    """
    return "-".join((SYSTEM_POOL, *instance_types)).replace(".", "-")[:_NAME_MAX].rstrip("-")
