"""The identity lock: what can't change once a deployment is applied, recorded in a committed file.

AWS can't change these in place, and an engine would replace the VPC, the cluster or every bucket:
`deployments.lock.json` beside cdktf.json holds them by deployment id, and loading refuses a difference. A deployment
that isn't in it isn't applied yet.

    python -m config.identity --write              add the deployments that the file lacks
    python -m config.identity --write --replace ID  record deployment ID anew, after it was destroyed
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from config.deployment import Deployment
from config.errors import ConfigError, Problem, shown
from config.jsonfile import read_object
from config.names import cluster_name
from config.problems import problems_of
from config.types import AccountId, Cidr, Model, Region, Slug, ZoneName

LOCK_FILE = "deployments.lock.json"
REMEDY = (
    "restore the value; to move for real, destroy the deployment first, then run "
    "`python -m config.identity --write --replace {id}`"
)


class Identity(Model):
    """One deployment's entry. Zones in order: their places decide the subnets' ranges."""

    account: AccountId
    region: Region
    organization: Slug
    vpc_cidr: Cidr
    zones: tuple[ZoneName, ...]
    service_cidr: Cidr
    cluster: Slug


# Field of Identity → key of the deployment file that decides it.
KEYS: Mapping[str, str] = {
    "account": "platform:account",
    "region": "platform:region",
    "organization": "platform:organization",
    "vpc_cidr": "deployment:vpc:cidr",
    "zones": "deployment:vpc:zones",
    "service_cidr": "deployment:eks:serviceCidr",
    "cluster": "deployment:id",
}


def identity_of(deployment: Deployment) -> Identity:
    """What the lock records of ``deployment``."""
    return Identity(
        account=deployment.platform.account,
        region=deployment.platform.region,
        organization=deployment.platform.organization,
        vpc_cidr=deployment.vpc.cidr,
        zones=deployment.vpc.zones,
        service_cidr=deployment.eks.service_cidr,
        cluster=cluster_name(deployment.id),
    )


def read(path: Path) -> tuple[dict[str, Identity], list[Problem]]:
    """The entries of the lock file at ``path`` by deployment id, and what is wrong with it. No file is no entry."""
    if not path.exists():
        return {}, []
    document = read_object(path, path.name)
    if isinstance(document, Problem):
        return {}, [document]
    entries, problems = {}, []
    for deployment_id, entry in document.items():
        try:
            entries[deployment_id] = Identity.model_validate(entry)
        except ValidationError as error:
            problems += problems_of(error, source=f"{path.name} ({deployment_id})", model=Identity)
    return entries, problems


def check(path: Path, deployments: Sequence[tuple[str, Deployment]]) -> list[Problem]:
    """What ``deployments`` (file name, deployment) change of the lock file at ``path``, and what is wrong with it."""
    entries, problems = read(path)
    declared = {deployment.id for _, deployment in deployments}
    for source, deployment in deployments:
        if deployment.id in entries:
            problems += _changes(source, deployment, entries[deployment.id])
        else:
            gone = {name: entry for name, entry in entries.items() if name not in declared}
            problems += _renamed(source, deployment, gone)
    return problems


def write(path: Path, deployments: Sequence[tuple[str, Deployment]], *, replace: Sequence[str] = ()) -> list[str]:
    """Add the deployments that the lock file lacks, and record those in ``replace`` anew; ids of what was written.

    Raises ConfigError where another deployment differs from its entry; the file stays as it was.
    """
    entries, problems = read(path)
    kept = [(source, deployment) for source, deployment in deployments if deployment.id not in replace]
    if not problems:
        problems = check(path, kept)
    if problems:
        raise ConfigError(problems)
    # Past the check, zones differ by further ones only.
    written = [
        d.id for _, d in deployments if d.id in replace or d.id not in entries or entries[d.id].zones != d.vpc.zones
    ]
    entries |= {deployment.id: identity_of(deployment) for _, deployment in deployments if deployment.id in written}
    document = {name: entry.model_dump(mode="json") for name, entry in sorted(entries.items())}
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return written


def _changes(source: str, deployment: Deployment, locked: Identity) -> Iterator[Problem]:
    now = identity_of(deployment)
    for field, key in KEYS.items():
        given, recorded = getattr(now, field), getattr(locked, field)
        if field == "zones" and given[: len(recorded)] == recorded:
            continue  # a further zone takes an empty slot of the subnet plan
        if given != recorded:
            yield Problem(
                file=source,
                key=key,
                value=shown(given),
                message=f"can't change: {LOCK_FILE} has {shown(recorded)} for {deployment.id}, which is deployed",
                remedy=REMEDY.format(id=deployment.id),
            )


def _renamed(source: str, deployment: Deployment, gone: Mapping[str, Identity]) -> Iterator[Problem]:
    now = identity_of(deployment)
    for name, entry in gone.items():
        if (now.account, now.region, now.vpc_cidr) == (entry.account, entry.region, entry.vpc_cidr):
            yield Problem(
                file=source,
                key="deployment:id",
                value=shown(deployment.id),
                message=f"can't change: {LOCK_FILE} has {shown(name)} with this account, region and VPC CIDR",
                remedy=f"restore the id; if {name} was destroyed, remove its entry from {LOCK_FILE}",
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit code 2 for a problem of the configuration."""
    from config.loader import load_unlocked

    parser = argparse.ArgumentParser(prog="python -m config.identity", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true", help="add what is new; without it, only check")
    parser.add_argument("--replace", action="append", default=[], metavar="ID", help="record ID anew")
    parser.add_argument("--config", type=Path, default=Path("cdktf.json"), help="the cdktf.json to read")
    given = parser.parse_args(arguments)
    path = given.config.parent / LOCK_FILE
    try:
        deployments = load_unlocked(given.config)
        unknown = set(given.replace) - {deployment.id for _, deployment in deployments}
        if unknown:
            parser.error(f"--replace: no deployment {', '.join(sorted(unknown))} in {given.config}")
        if given.write:
            written = write(path, deployments, replace=given.replace)
            print(f"{LOCK_FILE}: wrote {', '.join(written) or 'nothing'}")
        elif problems := check(path, deployments):
            raise ConfigError(problems)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
