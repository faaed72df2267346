"""Keys, database, buckets and secrets: what must outlive every cluster."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.data.aurora import AuroraProps, aurora
from constructs_lib.data.buckets import platform_buckets
from constructs_lib.data.cache import cache_subnets
from constructs_lib.data.secret_containers import secret_containers
from constructs_lib.engine import App
from constructs_lib.kms.key import signing_key
from constructs_lib.kms.platform_keys import platform_keys
from constructs_lib.kms.table import SIGNING
from constructs_lib.stack import PlatformStack
from stacks.contracts import DataOutputs, VpcOutputs


class DataStack(PlatformStack):
    layer = "foundation"
    stack = "data"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        vpc = self.read(VpcOutputs)
        keys = platform_keys(self)
        signing_key(self, SIGNING, description="Signatures of images")
        database = aurora(
            self,
            AuroraProps(
                settings=deployment.aurora,
                vpc_id=vpc.vpc_id,
                subnet_ids=vpc.isolated_subnet_ids,
                data_key_arn=keys["data"].arn,
                secrets_key_arn=keys["secrets"].arn,
                logs_key_arn=keys["logs"].arn,
            ),
        )
        buckets = platform_buckets(self, key_arn=keys["data"].arn)
        secrets = secret_containers(self, key_arn=keys["secrets"].arn)
        cache_subnets(self, subnet_ids=vpc.isolated_subnet_ids)
        self.export(
            DataOutputs(
                data_key_arn=keys["data"].arn,
                secrets_key_arn=keys["secrets"].arn,
                logs_key_arn=keys["logs"].arn,
                eks_key_arn=keys["eks"].arn,
                ebs_key_arn=keys["ebs"].arn,
                database_endpoint=database.cluster.endpoint,
                database_reader_endpoint=database.cluster.reader_endpoint,
                database_resource_id=database.cluster.cluster_resource_id,
                database_master_secret_arn=database.cluster.master_user_secret.get(0).secret_arn,
                database_security_group_id=database.security_group.id,
                artifacts_bucket=buckets.artifacts.id,
                techdocs_bucket=buckets.techdocs.id,
                backups_bucket=buckets.backups.id,
                access_log_bucket=buckets.access_logs.id,
                secret_arns=secrets,
            )
        )
