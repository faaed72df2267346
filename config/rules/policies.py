"""Rules of Kyverno policies and their exceptions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence

from config.deployment import Deployment
from config.file import DeploymentFile
from config.namespaces import namespaces
from config.policies import OWN_EXCEPTIONS, kinds
from config.problems import nearest
from config.rules.finding import Finding, twice

ACTIONS, EXCEPTIONS = "deployment:policies", "deployment:policyExceptions"
STRICTNESS = ("off", "audit", "deny")


def names(file: DeploymentFile) -> Iterator[Finding]:
    """Policies that are named exist, and an exception has its name for itself."""
    yield from _unknown(ACTIONS, file.policies or {})
    for index, exception in enumerate(file.policy_exceptions):
        yield from _unknown(f"{EXCEPTIONS}[{index}].policies", exception.policies)
        if exception.name in OWN_EXCEPTIONS:
            yield Finding(
                key=f"{EXCEPTIONS}[{index}].name",
                value=exception.name,
                message="is the name of an exception of the platform itself",
                remedy="name it after the workload",
            )
    yield from twice(EXCEPTIONS, [exception.name for exception in file.policy_exceptions], "an exception")


def _unknown(key: str, given: Iterable[str]) -> Iterator[Finding]:
    known = sorted(kinds())
    for name in given:
        if name not in known:
            near = nearest(name, known)
            yield Finding(
                key=f"{key}.{name}" if key == ACTIONS else key,
                value=name,
                message=f"names no policy; policies are {', '.join(known)}",
                remedy=f"write {near}" if near else "write one of them, or remove it",
            )


def strictness(deployment: Deployment) -> Iterator[Finding]:
    """No policy does less than the environment asks for, where it forbids that. A mutating policy is on or off."""
    for name, action in deployment.policy_changes.items():
        if name not in deployment.policies:
            continue
        asked = deployment.policies[name]
        if not deployment.policy.weaker_policies and STRICTNESS.index(action) < STRICTNESS.index(asked):
            yield Finding(
                key=f"{ACTIONS}.{name}",
                value=action,
                message=f"must be {asked} or stricter: the environment forbids weaker policies",
                remedy="remove it, or leave a workload out by deployment:policyExceptions",
                flag="weaker_policies",
            )
        if action == "audit" and kinds()[name] == "MutatingPolicy":
            yield Finding(
                key=f"{ACTIONS}.{name}",
                value=action,
                message="must be deny or off: the policy changes what is made, and looks at nothing",
                remedy="write off to switch it off",
            )


def places(deployment: Deployment) -> Iterator[Finding]:
    """An exception is for a namespace that is there."""
    known = sorted(namespaces(deployment))
    for index, exception in enumerate(deployment.policy_exceptions):
        if exception.namespace not in known:
            near = nearest(exception.namespace, known)
            yield Finding(
                key=f"{EXCEPTIONS}[{index}].namespace",
                value=exception.namespace,
                message=f"names no namespace of the deployment; there are {', '.join(known)}",
                remedy=f"write {near}" if near else "write one of them, or remove the exception",
            )


def ended(deployments: Sequence[Deployment], today: datetime.date) -> list[str]:
    """The exceptions whose last day was before ``today``. Warnings: time alone stops no synth."""
    return [
        f"warning: {deployment.id}: {EXCEPTIONS}[{index}].expires (given: {exception.expires}): exception "
        f"{exception.name} has ended, and the cluster refuses {exception.workload}* in {exception.namespace}; remove "
        "the exception, or agree on a later day with its owner"
        for deployment in deployments
        for index, exception in enumerate(deployment.policy_exceptions)
        if exception.expires < today
    ]


def needs(deployment: Deployment) -> Iterator[Finding]:
    """Policies need who acts on them."""
    if "kyverno" not in deployment.components.enabled() and (deployment.policy_changes or deployment.policy_exceptions):
        yield Finding(
            key=ACTIONS if deployment.policy_changes else EXCEPTIONS,
            value=None,
            message="must be empty without component kyverno, which acts on policies",
            remedy="switch kyverno on, or remove it",
        )


FILE_RULES = (names,)
DEPLOYMENT_RULES = (strictness, places, needs)
