"""All checks of one deployment, before its first apply or after it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from config.deployment import Deployment
from constructs_lib.naming import naming_of
from idp.aws import Aws
from idp.doctor.account import quotas, region
from idp.doctor.credentials import account, credentials
from idp.doctor.domain import Parent, certificate, delegated, delegation
from idp.doctor.images import images
from idp.doctor.linked_roles import linked_roles
from idp.doctor.programs import programs
from idp.doctor.secrets import secrets
from idp.doctor.singletons import TABLE, singleton
from idp.findings import Check, Finding, Unseen, run, unknown
from idp.programs import Run
from idp.programs import run as run_program


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is looked at, and by which means. ``engine`` is None where no engine was found."""

    deployment: Deployment
    aws: Aws
    engine: Path | None
    run: Run = run_program
    parent: Parent = delegated


def examine(patient: Patient, *, deployed: bool) -> Iterator[Finding]:
    """Every finding. ``deployed``: at least the first half of the apply has gone through."""
    eks = patient.deployment.eks.version
    yield from programs(patient.run, engine=patient.engine, kubernetes=eks)
    aws, deployment = patient.aws, patient.deployment
    yield from run({"credentials": lambda: credentials(aws, deployment, deployed=deployed)})
    try:
        account(aws, deployment)
    except (Unseen, BotoCoreError, ClientError):
        # Another account's answers would mislead.
        yield unknown("account", "not asked, for want of credentials", "log in, then ask again")
        return
    yield from run(_checks(patient, deployed=deployed))


def _checks(patient: Patient, *, deployed: bool) -> Mapping[str, Check]:
    aws, deployment = patient.aws, patient.deployment
    checks: dict[str, Check] = {
        "account: region": lambda: region(aws, deployment),
        "quota": lambda: quotas(aws, deployment, deployed=deployed),
        "account: service-linked roles": lambda: linked_roles(aws, deployment, deployed=deployed),
    }
    for name in TABLE:
        asked = functools.partial(singleton, aws, deployment, name, deployed=deployed)
        checks[f"account: {name.replace('_', ' ')}"] = asked
    checks["dns: delegation"] = lambda: delegation(aws, deployment, patient.parent, deployed=deployed)
    if deployed:
        checks["dns: certificate"] = lambda: certificate(aws, deployment)
        checks["secret"] = lambda: secrets(aws, deployment)
        checks["image"] = lambda: images(aws, deployment)
    return checks


def is_deployed(aws: Aws, deployment: Deployment) -> bool:
    """Whether the bucket of the deployment's state is there. Without credentials: no."""
    try:
        aws.client("s3").head_bucket(Bucket=naming_of(deployment).state_bucket)
    except (BotoCoreError, ClientError):
        return False
    return True
