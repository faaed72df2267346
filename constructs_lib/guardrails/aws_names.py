"""By what AWS tells resources of one kind apart. Pure.

Each kind of resource that a stack holds is in one of the two tables; a test sees to that.
Source: the provider's documentation of each resource (arguments, and "Import"), and the API's errors on a second one.
"""

from __future__ import annotations

from collections.abc import Mapping

# Kind → arguments of which AWS admits one combination in an account and region; none: there is one such resource.
NAMES: Mapping[str, tuple[str, ...]] = {
    "aws_budgets_budget": ("name",),
    "aws_cloudwatch_event_rule": ("name",),
    "aws_cloudwatch_event_target": ("rule", "target_id", "arn"),
    "aws_cloudwatch_log_group": ("name",),
    "aws_db_subnet_group": ("name",),
    "aws_dynamodb_table": ("name",),
    "aws_ebs_encryption_by_default": (),
    "aws_ecr_lifecycle_policy": ("repository",),
    "aws_ecr_pull_through_cache_rule": ("ecr_repository_prefix",),
    "aws_ecr_registry_policy": (),
    "aws_ecr_registry_scanning_configuration": (),
    "aws_ecr_replication_configuration": (),
    "aws_ecr_repository": ("name",),
    "aws_ecr_repository_creation_template": ("prefix",),
    "aws_ecr_repository_policy": ("repository",),
    "aws_eks_access_entry": ("cluster_name", "principal_arn"),
    "aws_eks_access_policy_association": ("cluster_name", "principal_arn", "policy_arn"),
    "aws_eks_addon": ("cluster_name", "addon_name"),
    "aws_eks_cluster": ("name",),
    "aws_eks_node_group": ("cluster_name", "node_group_name"),
    "aws_eks_pod_identity_association": ("cluster_name", "namespace", "service_account"),
    "aws_iam_account_password_policy": (),
    "aws_iam_instance_profile": ("name",),
    "aws_iam_openid_connect_provider": ("url",),
    "aws_iam_policy": ("name",),
    "aws_iam_role": ("name",),
    "aws_iam_role_policy": ("role", "name"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_service_linked_role": ("aws_service_name",),
    "aws_inspector2_enabler": (),
    "aws_kms_alias": ("name",),
    "aws_launch_template": ("name",),
    "aws_rds_cluster": ("cluster_identifier",),
    "aws_rds_cluster_instance": ("identifier",),
    "aws_rds_cluster_parameter_group": ("name",),
    "aws_route53_record": ("zone_id", "name", "type"),
    "aws_route53_zone": ("name",),
    "aws_s3_account_public_access_block": (),
    "aws_s3_bucket": ("bucket",),
    "aws_s3_bucket_lifecycle_configuration": ("bucket",),
    "aws_s3_bucket_logging": ("bucket",),
    "aws_s3_bucket_object_lock_configuration": ("bucket",),
    "aws_s3_bucket_ownership_controls": ("bucket",),
    "aws_s3_bucket_policy": ("bucket",),
    "aws_s3_bucket_public_access_block": ("bucket",),
    "aws_s3_bucket_server_side_encryption_configuration": ("bucket",),
    "aws_s3_bucket_versioning": ("bucket",),
    "aws_s3_object": ("bucket", "key"),
    "aws_secretsmanager_secret": ("name",),
    "aws_secretsmanager_secret_policy": ("secret_arn",),
    "aws_security_group": ("vpc_id", "name"),
    "aws_sqs_queue": ("name",),
    "aws_sqs_queue_policy": ("queue_url",),
    "aws_wafv2_web_acl": ("scope", "name"),
}
# Names of all accounts together.
GLOBAL = frozenset({"aws_s3_bucket"})
# Kinds without a region.
ACCOUNT_WIDE = ("aws_budgets_", "aws_iam_", "aws_route53_")
# Told apart by ids that AWS makes; a second one is a second thing.
BY_ID = frozenset(
    {
        "aws_acm_certificate",
        "aws_acm_certificate_validation",
        "aws_default_network_acl",
        "aws_default_route_table",
        "aws_default_security_group",
        "aws_eip",
        "aws_flow_log",
        "aws_instance",
        "aws_internet_gateway",
        "aws_kms_key",
        "aws_nat_gateway",
        "aws_network_acl",
        "aws_network_acl_rule",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_endpoint",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    }
)
