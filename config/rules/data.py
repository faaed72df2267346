"""Rules of the database and of what is kept when a deployment goes."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from config.file import DeploymentFile
from config.rules.finding import Finding

# Amazon RDS API reference, ServerlessV2ScalingConfiguration: half steps, 256 at most.
STEP, LEAST, LARGEST = 0.5, 0.5, 256
MIN, MAX = "deployment:aurora:minCapacity", "deployment:aurora:maxCapacity"


def capacity(file: DeploymentFile) -> Iterator[Finding]:
    """Aurora capacity units are half steps, and the range isn't empty."""
    least, largest = file.aurora_min_capacity, file.aurora_max_capacity
    right = True
    for key, value in ((MIN, least), (MAX, largest)):
        if not LEAST <= value <= LARGEST or value % STEP:
            right = False
            message = f"must be {LEAST} to {LARGEST} in steps of {STEP}"
            if value == 0:
                # Amazon Aurora User Guide, "Scaling to Zero ACUs with automatic pause and resume": open connections
                # keep an instance from pausing.
                message += "; 0 asks for auto pause, which never comes: the platform's components keep connections open"
            yield Finding(key=key, value=_plain(value), message=message, remedy=f"write a number such as {LEAST}")
    if right and least > largest:
        message = f"must not be larger than {MAX}, {_plain(largest)}"
        yield Finding(key=MIN, value=_plain(least), message=message, remedy="lower the one or raise the other")


def deletion(deployment: Deployment) -> Iterator[Finding]:
    """The environment says which ends of its data it admits."""
    policies = deployment.policy.deletion_policies
    if deployment.deletion_policy not in policies:
        yield Finding(
            key="deployment:deletionPolicy",
            value=deployment.deletion_policy,
            message=f"must be one of {', '.join(policies)} in environment {deployment.environment}",
            remedy="write one of them",
        )


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value


FILE_RULES = (capacity,)
DEPLOYMENT_RULES = (deletion,)
