"""Keys of operating a deployment: what it takes over, how CI is known, and who gets in when nobody else does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from config.compliance import ComplianceKeys
from config.types import Allowed, Model, RepositoryIds

# IAM API reference, CreateUser (UserName, Path).
UserArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws:iam::[0-9]{12}:user/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$"),
    Allowed("the ARN of an IAM user, such as arn:aws:iam::111122223333:user/break-glass-1"),
]
# What the provider's import sections use: ids, names, ARNs, and these joined by one of : / | , _ *.
ImportId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9/_.*-][A-Za-z0-9/_.*:|,@+=-]{0,511}$"),
    Allowed("an import id of the provider, such as vpc-0123456789abcdef0"),
]
# OpenTofu documentation, "Resource addressing"; instance keys are numbers or plain texts.
_KEY = r'(\[([0-9]{1,4}|"[A-Za-z0-9_./: -]{1,64}")\])?'
_NAME = r"[A-Za-z_][A-Za-z0-9_-]{0,127}"
FormerAddress = Annotated[
    str,
    StringConstraints(pattern=rf"^(module\.{_NAME}{_KEY}\.){{0,8}}[a-z][a-z0-9_]{{0,127}}\.{_NAME}{_KEY}$"),
    Allowed("an address, such as module.vpc.aws_vpc.this[0]"),
]


# Names of our own: directories of an output, and addresses without instance keys.
StackName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,127}$"), Allowed("a stack")]
Address = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,127}\.[a-z][a-z0-9_]{0,255}$"),
    Allowed("an address, such as aws_vpc.vpc"),
]


class Adoption(Model):
    """What each stack takes over: address → import id, and address → the one that it had before."""

    imports: Mapping[StackName, Mapping[Address, ImportId]]
    moved: Mapping[StackName, Mapping[Address, FormerAddress]]


class OperatingKeys(ComplianceKeys):
    """What is there already, what GitHub calls the repository, and the way in for emergencies."""

    repository_ids: RepositoryIds | None = Field(
        default=None,
        alias="deployment:ci:repositoryIds",
        description="GitHub's numbers of the repository's owner and of the repository. Tokens of workflows name them "
        "where the repository was made, renamed or moved since 2026-07-15, or where it was opted in: the roles of CI "
        "trust those tokens then, and no others.",
    )
    break_glass: tuple[UserArn, ...] = Field(
        default=(),
        alias="deployment:access:breakGlass",
        description="IAM users who may assume <id>-break-glass, with a second factor; no such role without any.",
    )
    adopt_imports: Mapping[StackName, Mapping[Address, ImportId]] | None = Field(
        default=None,
        alias="deployment:adopt:import",
        description="What exists already: stack → address → import id. Each becomes an `import` block of that stack.",
    )
    adopt_moved: Mapping[StackName, Mapping[Address, FormerAddress]] | None = Field(
        default=None,
        alias="deployment:adopt:moved",
        description="What a state that was brought along calls otherwise: stack → address → the address before. Each "
        "becomes a `moved` block of that stack.",
    )
