"""The tables of access as resources: the boundary, and one role for each person's role and each workload."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy

from constructs_lib.data.secrets_table import ANALYSIS_ROLE
from constructs_lib.iam.boundary import BOUNDARY, boundary_statements
from constructs_lib.iam.breadth import waive_breadth
from constructs_lib.iam.document import Statement
from constructs_lib.iam.people import DESCRIPTIONS, PersonRole, declared, rights_of
from constructs_lib.iam.places import ANALYSIS_PATHS, read_secrets
from constructs_lib.iam.policy import policy_document
from constructs_lib.iam.role import role
from constructs_lib.iam.trust import BREAK_GLASS, own_role_trust, people_trust, pod_identity_trust, reader_trust
from constructs_lib.iam.workloads import Made, workloads
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

_READS_OF_ANYTHING: dict[PersonRole, str] = {
    "admin": "It finds databases and snapshots by asking for all; it changes those of the deployment's names.",
    "viewer": "It reads alarms, dashboards and results of log queries, which have no names beforehand.",
}


def permissions_boundary(stack: PlatformStack) -> str:
    """ARN of the policy ``<id>-boundary``."""
    made = stack.add(
        IamPolicy,
        BOUNDARY,
        name=stack.naming.name(BOUNDARY),
        description="The most that any role of people, workloads and teams can do",
        policy=policy_document(stack, BOUNDARY, boundary_statements(stack.naming)),
    )
    stack.serves(f"aws_iam_policy.{BOUNDARY}", "5.3.5", "7.2.2", "7.3.2", "7.3.3")
    waive_breadth(stack, BOUNDARY, "A boundary grants nothing: it is the most that a role's own policy can reach.")
    return made.arn


def people_roles(stack: PlatformStack, made: Made, *, boundary: str) -> dict[PersonRole, str]:
    """``<id>-admin``, ``<id>-operator`` and ``<id>-viewer``, trusted by the declared SSO roles; role → ARN.

    A session lasts an hour: a role assumed from an SSO role's session is chained, and IAM allows no more then (IAM User
    Guide, "Methods to assume a role").
    """
    for name, why in _READS_OF_ANYTHING.items():
        waive_breadth(stack, name, why, ("CKV_AWS_356",))
    for name in DESCRIPTIONS:
        stack.serves(f"aws_iam_role.{name}", "7.2.1", "8.2.1", "8.2.2")
        stack.serves(f"aws_iam_policy.{name}", "7.2.1", "7.2.2", "7.3.1", "7.3.2")
    return {
        name: role(
            stack,
            name,
            description=description,
            trust=[people_trust(declared(stack.deployment, name)), *_emergency(stack, name)],
            statements=rights_of(name, stack.naming, made),
            boundary=boundary,
        ).arn
        for name, description in DESCRIPTIONS.items()
    }


def workload_roles(stack: PlatformStack, made: Made, *, boundary: str) -> dict[str, str]:
    """``<id>-<workload>`` for each row of the table that the deployment needs; workload → ARN."""
    for row in workloads(stack.deployment):
        stack.serves(f"aws_iam_role.{address(row.name)}", "7.2.5", "8.6.1", "8.6.2")
    return {
        row.name: role(
            stack,
            row.name,
            description=f"Pods of {', '.join(f'{namespace}/{account}' for namespace, account in row.bindings)}",
            trust=pod_identity_trust(stack.naming, row.bindings),
            statements=row.rights(stack.naming, stack.deployment, made),
            managed=row.managed,
            boundary=boundary,
        ).arn
        for row in workloads(stack.deployment)
    }


def analysis_role(stack: PlatformStack, *, reader: str, boundary: str) -> None:
    """``<id>-analysis-secrets``: what External Secrets, role ``reader``, becomes for the store that teams' namespaces
    read from. Nothing where no rollout is judged."""
    if not stack.deployment.components.analysis():
        return
    role(
        stack,
        ANALYSIS_ROLE,
        description="Store of the credential by which rollouts are judged",
        trust=[reader_trust(reader)],
        statements=[read_secrets(stack.naming, ANALYSIS_PATHS)],
        boundary=boundary,
    )


def _emergency(stack: PlatformStack, name: PersonRole) -> list[Statement]:
    """The role for emergencies becomes administrator, where there is one."""
    if name != "admin" or not stack.deployment.access.break_glass:
        return []
    stack.waive(
        "aws_iam_role.admin", CKV_AWS_61="The account stands for the role for emergencies: aws:PrincipalArn names it."
    )
    return [own_role_trust(stack.naming, BREAK_GLASS)]
