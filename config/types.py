"""The scalar types of the deployment file, each with the pattern that AWS or Kubernetes documents, and that in words.

No pattern admits ``$``, ``%``, braces, quotes or control characters where Terraform would read a template: a value of
the deployment file can't become an expression in the JSON.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Model(BaseModel):
    """Base of every model of the deployment file: unknown keys are errors, instances don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Allowed:
    """What a scalar may be, in words; error messages, reference and JSON Schema show it."""

    words: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "description": f"{self.words[0].upper()}{self.words[1:]}."}


def _cidr(value: str) -> str:
    return str(ipaddress.IPv4Network(value, strict=True))


def _whole(value: Any) -> Any:
    # Python's True equals 1, and 30.0 equals 30: a list of values alone would take them.
    if isinstance(value, (bool, float)):
        raise ValueError("a whole number, written without fraction")
    return value


def _text(pattern: str, longest: int | None = None) -> StringConstraints:
    return StringConstraints(pattern=pattern, max_length=longest)


# S3 bucket names carry the organization, so it takes S3's alphabet
# (Amazon S3 User Guide, "General purpose bucket naming rules"). Single dashes: database identifiers start with the id
# (Amazon RDS API reference, CreateDBCluster, DBClusterIdentifier).
Slug = Annotated[
    str,
    _text(r"^[a-z](-?[a-z0-9])+$", 20),
    Allowed("2 to 20 lower-case letters, digits and single dashes, a letter first and no dash last"),
]
TemplateVersion = Annotated[str, _text(r"^v[0-9]{1,4}$"), Allowed("v and a number, such as v1")]
AccountId = Annotated[str, _text(r"^[0-9]{12}$"), Allowed('12 digits in quotes, such as "111122223333"')]
Region = Annotated[str, _text(r"^[a-z]{2}(-[a-z]{1,12}){1,3}-[0-9]$"), Allowed("an AWS region, such as us-west-2")]
ZoneName = Annotated[
    str, _text(r"^[a-z]{2}(-[a-z]{1,12}){1,3}-[0-9][a-z]$"), Allowed("an availability zone, such as us-west-2a")
]
Domain = Annotated[
    str,
    _text(r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$", 253),
    Allowed("a DNS name in lower case without a dot at the end, such as example.com"),
]
# RFC 1123, section 2.1: no part of a host's name is empty, or starts or ends with a dash.
_HOST = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
_PORT = r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
HttpsUrl = Annotated[
    str,
    _text(rf"^https://{_HOST}(:{_PORT})?(/[A-Za-z0-9._~/-]*)?$", 2048),
    Allowed("an address that starts with https:// and has no query, such as https://logs.example.net/push"),
]
Cidr = Annotated[
    str,
    _text(r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"),
    AfterValidator(_cidr),
    Allowed("an IPv4 network with its prefix length and no host bits, such as 10.100.0.0/16"),
]
KubernetesMinor = Annotated[str, _text(r"^1\.[0-9]{2}$"), Allowed('a Kubernetes minor in quotes, such as "1.34"')]
# IAM: paths and names as in the IAM API reference, CreateRole (RoleName, Path).
RoleArn = Annotated[
    str,
    _text(r"^arn:aws:iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", 2048),
    Allowed("the ARN of an IAM role with its path, such as arn:aws:iam::111122223333:role/path/name"),
]
PrincipalArn = RoleArn
Username = Annotated[
    str,
    _text(r"^[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$"),
    Allowed("up to 64 letters, digits, dots, dashes and underscores, a letter or digit first and last"),
]
Email = Annotated[
    str,
    _text(r"^[A-Za-z0-9._+-]+@([a-z0-9-]+\.)+[a-z]{2,63}$", 254),
    Allowed("an e-mail address, such as admin@example.com"),
]
# A tag value: letters, digits, spaces and _.:/=+-@ (Tagging AWS resources, "Tag naming limits").
TagValue = Annotated[
    str, _text(r"^[A-Za-z0-9_ .:/=+@-]{1,256}$"), Allowed("1 to 256 letters, digits, spaces and _ . : / = + @ -")
]
# "." and ".." would be other places of an address, and a dash in front an option of a command; git refuses branches
# with such parts as well (git documentation, "git check-ref-format").
GitRepository = Annotated[
    str,
    _text(r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/\.{0,2}[A-Za-z0-9_-][A-Za-z0-9._-]{0,97}$"),
    Allowed("owner/name, such as example-org/aws-idp-infra"),
]
_BRANCH_PART = r"[A-Za-z0-9_](\.?[A-Za-z0-9_-])*"
GitBranch = Annotated[
    str,
    _text(rf"^{_BRANCH_PART}(/{_BRANCH_PART})*$", 100),
    Allowed("1 to 100 letters, digits and . _ / -, such as main; no part starts with a dot or dash"),
]
# GitHub documentation, "OpenID Connect reference", immutable subject claims.
RepositoryIds = Annotated[
    str,
    _text(r"^[1-9][0-9]{0,18}/[1-9][0-9]{0,18}$"),
    Allowed("the numbers of owner and repository, such as 123456/456789"),
]
# GitHub documentation, "Username considerations" and the slugs of teams: letters, digits and single dashes.
GitHubName = Annotated[
    str, _text(r"^[A-Za-z0-9](-?[A-Za-z0-9])*$", 39), Allowed("up to 39 letters, digits and single dashes")
]
Digits = Annotated[str, _text(r"^[1-9][0-9]{0,18}$"), Allowed('a number as text, such as "123456"')]
HostedZoneId = Annotated[str, _text(r"^Z[A-Z0-9]{1,31}$"), Allowed("Z and up to 31 capital letters and digits")]
# Amazon ECR User Guide, "Sync an upstream registry with an Amazon ECR private registry".
PullThroughCache = Literal["ecr-public", "kubernetes", "quay", "github", "docker-hub"]
CertificateArn = Annotated[
    str,
    _text(r"^arn:aws:acm:[a-z0-9-]{1,30}:[0-9]{12}:certificate/[a-z0-9-]{1,64}$"),
    Allowed("the ARN of an ACM certificate"),
]
InstanceType = Annotated[
    str, _text(r"^[a-z][a-z0-9-]{0,30}\.[a-z0-9-]{1,30}$"), Allowed("an EC2 instance type, such as t3a.medium")
]
EngineVersion = Annotated[str, _text(r"^[0-9]{1,3}\.[0-9]{1,3}$"), Allowed('a version in quotes, such as "17.7"')]
# Kubernetes label values and namespaces: RFC 1123 label.
DnsLabel = Annotated[
    str,
    _text(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"),
    Allowed("up to 63 lower-case letters, digits and dashes, no dash first or last"),
]
# Kubernetes documentation, "Resource Management for Pods and Containers", "Resource units in Kubernetes". Zero would
# admit no pod.
CpuQuantity = Annotated[
    str,
    _text(r"^([1-9][0-9]{0,5}(\.[0-9]{1,3})?|0\.[0-9]{0,2}[1-9]|[1-9][0-9]{0,8}m)$"),
    Allowed('a positive number of cores or millicores in quotes, such as "8", "0.5" or "500m"'),
]
MemoryQuantity = Annotated[
    str,
    _text(r"^[1-9][0-9]{0,9}(Ki|Mi|Gi|Ti)$"),
    Allowed('a positive whole number with Ki, Mi, Gi or Ti, such as "16Gi"'),
]
# Strict: JSON's true and false only. "yes", "off" and 1 would otherwise be read as a switch.
Flag = Annotated[bool, Field(strict=True)]
# Half steps are checked by a rule, since 0 needs a reason of its own (config.rules).
Capacity = Annotated[float, Field(strict=True, allow_inf_nan=False)]
# CloudWatch Logs API, PutRetentionPolicy: the only values that retentionInDays takes.
RetentionDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    BeforeValidator(_whole),
]

LockMode = Literal["dynamodb", "s3", "both"]
Ownership = Literal["managed", "existing", "off"]
DeletionPolicy = Literal["retain", "snapshot", "drop"]
NatMode = Literal["single", "per_az", "none"]
EndpointProfile = Literal["none", "basic_one_az", "basic", "full"]
EndpointAccess = Literal["public_and_private", "private_only"]
SupportType = Literal["STANDARD", "EXTENDED"]
