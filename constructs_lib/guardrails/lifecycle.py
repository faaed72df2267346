"""Guardrails on lifecycles: what may be ignored, and what must not be destroyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib.guardrails.rule import Document, resources

Found = Iterator[tuple[str, str, str]]

# (type, argument) → the reason, which must be AWS's own doing. Anything else is drift that a plan has to show.
IGNORED: dict[tuple[str, str], str] = {
    ("aws_default_network_acl", "subnet_ids"): "AWS moves a subnet here when it leaves another network ACL",
    (
        "aws_eks_cluster",
        "access_config[0].bootstrap_cluster_creator_admin_permissions",
    ): "EKS forgets it after creation: an imported cluster would be replaced",
    (
        "aws_eks_cluster",
        "bootstrap_self_managed_addons",
    ): "EKS forgets it after creation: an imported cluster would be replaced",
}
# What holds data or keys: losing it can't be undone by another apply.
STATEFUL = frozenset(
    {
        "aws_backup_vault",
        "aws_dynamodb_table",
        "aws_ecr_repository",
        "aws_eks_cluster",
        "aws_kms_key",
        "aws_rds_cluster",
        "aws_rds_cluster_instance",
        "aws_route53_zone",
        "aws_s3_bucket",
    }
)


def ignored_for_a_reason(stacks: Mapping[str, Document]) -> Found:
    """``ignore_changes`` names single arguments of the table above."""
    for stack, document in stacks.items():
        for kind, name, arguments in resources(document):
            ignored = arguments.get("lifecycle", {}).get("ignore_changes", [])
            for argument in [ignored] if isinstance(ignored, str) else ignored:
                if (kind, argument) not in IGNORED:
                    yield stack, f"{kind}.{name}", f"ignore_changes of {argument} has no reason in IGNORED"


def stateful_is_kept(stacks: Mapping[str, Document]) -> Found:
    """Stateful resources have ``prevent_destroy``; teardown lifts it by an override, never the JSON."""
    for stack, document in stacks.items():
        for kind, name, arguments in resources(document):
            if kind in STATEFUL and arguments.get("lifecycle", {}).get("prevent_destroy") is not True:
                yield stack, f"{kind}.{name}", "holds data or keys: needs lifecycle.prevent_destroy"
