"""Every name the platform gives: stacks, state, addresses, physical names and ARNs. Pure: imports no engine.

A *logical name* (``idp-artifacts``) is what people say; the *physical name* is what AWS needs: S3 bucket names are
global, so they add organization, account and region (DESIGN.md, 2 Words).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from config.deployment import Deployment
from config.names import BUCKET_NAME_MAX, bucket_name, cluster_name

_ADDRESS = re.compile(r"^[a-z][a-z0-9_]*$")


def address(*parts: str) -> str:
    """The Terraform resource name made of ``parts``: ``address("private", "us-west-2a")`` is ``private_us_west_2a``.

    Raises ValueError where the result is no Terraform identifier in lower case.
    """
    name = "_".join(part.replace("-", "_").replace(".", "_").replace("/", "_") for part in parts if part)
    if not _ADDRESS.fullmatch(name):
        raise ValueError(f"{name!r} is no resource name: use lower-case letters, digits, '-' and '.'")
    return name


@dataclass(frozen=True, kw_only=True)
class Naming:
    """Names of one deployment. ``deployment`` is its id, such as ``idp``; ``account`` has 12 digits."""

    deployment: str
    organization: str
    account: str
    region: str

    def stack(self, layer: str, name: str) -> str:
        """Stack name = output directory = state key; ``bootstrap`` and ``account`` stand for themselves."""
        return f"{self.deployment}-{name}" if name in ("bootstrap", "account") else f"{self.deployment}-{layer}-{name}"

    def name(self, *parts: str) -> str:
        """A name within the account and region: ``name("tfstate", "lock")`` is ``idp-tfstate-lock``."""
        return "-".join((self.deployment, *parts))

    def bucket(self, purpose: str) -> str:
        """The physical name of bucket ``<deployment>-<purpose>``. Raises ValueError when longer than S3 allows."""
        name = bucket_name(
            deployment=self.deployment,
            purpose=purpose,
            organization=self.organization,
            account=self.account,
            region=self.region,
        )
        if len(name) > BUCKET_NAME_MAX:
            raise ValueError(f"bucket name {name} has {len(name)} characters, S3 allows {BUCKET_NAME_MAX}")
        return name

    def bucket_arn(self, purpose: str) -> str:
        return f"arn:aws:s3:::{self.bucket(purpose)}"

    def role_arn(self, name: str, path: str = "/") -> str:
        """ARN of the IAM role ``<deployment>-<name>``."""
        return f"arn:aws:iam::{self.account}:role{path}{self.name(name)}"

    def arn(self, service: str, resource: str) -> str:
        """ARN of a regional resource of this account: ``arn("kms", "alias/idp-data")``."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    @property
    def cluster(self) -> str:
        """The EKS cluster's name: the seed's ``idp-platform`` for deployment ``idp``, ``idp-pci`` for ``idp-pci``."""
        return cluster_name(self.deployment)

    @property
    def cluster_arn(self) -> str:
        return self.arn("eks", f"cluster/{self.cluster}")

    @property
    def state_bucket(self) -> str:
        return self.bucket("tfstate")

    @property
    def lock_table(self) -> str:
        return self.name("tfstate", "lock")

    @property
    def state_key_alias(self) -> str:
        return f"alias/{self.name('tfstate')}"

    @property
    def state_key_arn(self) -> str:
        """The state key by its alias: known before the key exists, and stable when the key is replaced."""
        return self.arn("kms", self.state_key_alias)

    @property
    def team_role_path(self) -> str:
        """IAM path under which team stacks make their roles; the permissions boundary covers it."""
        return f"/{self.deployment}/teams/"


def naming_of(deployment: Deployment) -> Naming:
    """The names of ``deployment``."""
    return Naming(
        deployment=deployment.id,
        organization=deployment.platform.organization,
        account=deployment.platform.account,
        region=deployment.platform.region,
    )
