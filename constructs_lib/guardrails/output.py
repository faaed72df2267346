"""Guardrails on the JSON as a text that people read: tokens, addresses, secrets, forbidden kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from constructs_lib.guardrails.rule import Document, resources
from constructs_lib.leaves import leaves

Found = Iterator[tuple[str, str, str]]

# An unresolved reference of the engine, or a number token printed as the float that stands for it (about -1.8e+289).
_TOKEN = re.compile(r"TfToken|Token\[|e\+2[0-9]{2}\b")
# The engine's hashes are in upper case (cdktf 0.21.0, lib/private/unique.js): eight hexadecimal digits in lower case
# are somebody's name.
_ADDRESS = re.compile(r"^[a-z][a-z0-9_]*$")
# Arguments whose literal value would be a secret in code, JSON and state.
_SECRET_ARGUMENTS = frozenset(
    {
        "password",
        "master_password",
        "secret_string",
        "secret_binary",
        "auth_token",
        "token",
        "private_key",
        "access_key",
        "secret_key",
        "client_secret",
    }
)
_SECRET_VALUE = re.compile(
    r"AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|gh[pousr]_[A-Za-z0-9]{36}|glc_[A-Za-z0-9]"
)
_FORBIDDEN = {
    "random_password": "puts the secret into state; let AWS or a job in the cluster make it",
    "kubernetes_manifest": "needs the API and its CRDs at plan time; ship the object in a chart",
    "aws_eks_cluster_auth": "its token expires in a saved plan; authenticate by exec",
    "aws_secretsmanager_secret_version": "puts the secret's value into state",
    "aws_security_group_rule": "rules without an address of their own; use aws_vpc_security_group_*_rule",
}
# Arguments that provider 6 added: set, they make the JSON invalid under 5.100.
# Source: schemas of both majors, compared for the resource types in use.
_ONLY_IN_V6 = {
    "*": {"region"},
    "aws_eks_cluster": {"deletion_protection", "control_plane_scaling_config"},
    "aws_eks_pod_identity_association": {"target_role_arn", "disable_session_tags"},
    "aws_cloudwatch_log_group": {"deletion_protection_enabled"},
    "aws_ecr_repository": {"image_tag_mutability_exclusion_filter"},
    "aws_dynamodb_table": {"warm_throughput", "global_table_witness"},
    "aws_nat_gateway": {"availability_mode", "availability_zone_address", "vpc_id"},
    "aws_flow_log": {"regional_nat_gateway_id"},
    "aws_s3_bucket_public_access_block": {"skip_destroy"},
    "aws_s3_account_public_access_block": {"skip_destroy"},
}


def no_tokens(stacks: Mapping[str, Document]) -> Found:
    """No unresolved reference of the engine."""
    for stack, document in stacks.items():
        for path, value in leaves(document):
            if isinstance(value, str) and _TOKEN.search(value):
                yield stack, path, f"unresolved token in {value!r}"
            elif isinstance(value, float) and abs(value) > 1e200:
                yield stack, path, "a number token became a float; pass the reference as a string"


def readable_addresses(stacks: Mapping[str, Document]) -> Found:
    """Every address is a lower-case name without a hash."""
    for stack, document in stacks.items():
        for section in ("resource", "data"):
            for kind, named in document.get(section, {}).items():
                for name in named:
                    if not _ADDRESS.match(name):
                        yield stack, f"{kind}.{name}", "address must be lower-case words without a hash"


def no_secrets(stacks: Mapping[str, Document]) -> Found:
    """No literal secret, by the argument's name or by the value's shape (8.6.2)."""
    for stack, document in stacks.items():
        for path, value in leaves(document):
            if not isinstance(value, str):
                continue
            argument = path.rsplit(".", 1)[-1]
            literal = argument in _SECRET_ARGUMENTS and value and "${" not in value
            if literal or _SECRET_VALUE.search(value):
                yield stack, path, "literal secret; keep it in Secrets Manager"


def no_forbidden_kinds(stacks: Mapping[str, Document]) -> Found:
    """No resource or data source that breaks plans or puts secrets into state."""
    for stack, document in stacks.items():
        for section in ("resource", "data"):
            for kind, named in document.get(section, {}).items():
                for name in named if kind in _FORBIDDEN else ():
                    yield stack, f"{kind}.{name}", _FORBIDDEN[kind]


def both_provider_majors(stacks: Mapping[str, Document]) -> Found:
    """No argument that AWS provider 5.100 doesn't know."""
    for stack, document in stacks.items():
        for kind, name, arguments in resources(document):
            only_new = _ONLY_IN_V6.get(kind, set()) | (_ONLY_IN_V6["*"] if kind.startswith("aws_") else set())
            for argument in sorted(only_new & set(arguments)):
                yield stack, f"{kind}.{name}", f"{argument} exists only in provider 6"
