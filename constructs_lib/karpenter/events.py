"""What Karpenter hears of before it happens, as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# Rule → (source, detail-type). Source: Karpenter documentation 1.14, Reference, CloudFormation (interruption handling).
EVENTS: Mapping[str, tuple[str, str]] = {
    "health": ("aws.health", "AWS Health Event"),
    "spot-interruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "state-change": ("aws.ec2", "EC2 Instance State-change Notification"),
    "capacity-reservation": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
}
