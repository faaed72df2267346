"""Names that Karpenter's stack gives and its role's policy names. Pure: imports no engine."""

from __future__ import annotations

from constructs_lib.naming import Naming

SERVICE_ACCOUNT = "karpenter"
NODE_ROLE = "karpenter-node"


def queue_name(naming: Naming) -> str:
    """The interruption queue: Karpenter finds it by name, and may read no other."""
    return naming.name("karpenter")


def queue_arn(naming: Naming) -> str:
    return naming.arn("sqs", queue_name(naming))
