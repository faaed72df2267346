"""IAM policy JSON from ``aws_iam_policy_document`` data sources, as the provider would write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.synth import StackJson

ACCOUNT = "111122223333"
REGION = "us-west-2"

# What a reference becomes: an ARN or id of the kind that it will have. First match counts.
_REFERENCES = (
    (r"aws_s3_bucket\.(\w+)\.arn", r"arn:aws:s3:::\1"),
    (r"kms_key\.\w+\.arn|\w*key_arn", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"),
    (r"aws_vpc\.\w+\.id", "vpc-0123456789abcdef0"),
    (r"aws_vpc\.\w+\.arn", f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-0123456789abcdef0"),
    (r"\w*secret_arn", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:rds!cluster-0123-AbCdEf"),
    (r"aws_cloudwatch_log_group\.(\w+)\.arn", rf"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:\1"),
    (r"aws_iam_role\.(\w+)\.arn", rf"arn:aws:iam::{ACCOUNT}:role/\1"),
    (r"workload_role_arns\[\"([\w-]+)\"\]", rf"arn:aws:iam::{ACCOUNT}:role/idp-\1"),
    (r"aws_sqs_queue\.(\w+)\.arn", rf"arn:aws:sqs:{REGION}:{ACCOUNT}:\1"),
    (r"aws_cloudwatch_event_bus\.(\w+)\.arn", rf"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/\1"),
    (r"aws_sns_topic\.(\w+)\.arn", rf"arn:aws:sns:{REGION}:{ACCOUNT}:\1"),
    (r"database_resource_id", "cluster-ABCDEFGHIJKL01234"),
    (r"zone_id", "Z0123456789ABCDEFGHIJ"),
    (r"cluster_arn|aws_eks_cluster\.\w+\.arn", f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/idp-platform"),
)


def documents(stack: StackJson) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, policy) of every policy document of ``stack``."""
    for name, arguments in stack.document.get("data", {}).get("aws_iam_policy_document", {}).items():
        yield name, policy(arguments["statement"])


def policy(statements: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The policy that ``statements`` of a data source stand for."""
    return {"Version": "2012-10-17", "Statement": [_statement(statement) for statement in statements]}


def size(document: Mapping[str, Any]) -> int:
    """Characters that IAM counts: white space is left out (IAM User Guide, "IAM and AWS STS quotas")."""
    return len(json.dumps(document, separators=(",", ":")))


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"Sid": statement["sid"], "Effect": statement["effect"]}
    for key, name in (("actions", "Action"), ("resources", "Resource"), ("not_resources", "NotResource")):
        if key in statement:
            found[name] = _values(statement[key])
    if "principals" in statement:
        # The provider writes the type "*" as the principal "*".
        kinds = {p["type"]: _values(p["identifiers"]) for p in statement["principals"]}
        found["Principal"] = "*" if "*" in kinds else kinds
    for condition in statement.get("condition", []):
        tests = found.setdefault("Condition", {}).setdefault(condition["test"], {})
        tests[condition["variable"]] = _values(condition["values"])
    return found


def _values(values: list[str]) -> str | list[str]:
    """One value stands alone, as the provider writes it."""
    resolved = [_resolved(value) for value in values]
    return resolved[0] if len(resolved) == 1 else resolved


def _resolved(value: str) -> str:
    resolved = re.sub(r"\$\{([^}]*)\}", lambda found: _stand_in(found.group(1)), value)
    return resolved.replace("&{", "${")


def _stand_in(reference: str) -> str:
    for pattern, text in _REFERENCES:
        found = re.search(rf"({pattern})$", reference)
        if found:
            return re.sub(pattern, text, found.group(0))
    raise KeyError(f"no stand-in for ${{{reference}}}: add one to _REFERENCES")
