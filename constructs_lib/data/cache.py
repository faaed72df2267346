"""The subnet group of a cache, made only when a component asks for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cdktf_cdktf_provider_aws.elasticache_subnet_group import ElasticacheSubnetGroup

from constructs_lib.data.cache_table import NEEDS_CACHE, needs_cache
from constructs_lib.stack import PlatformStack


def cache_subnets(
    stack: PlatformStack, *, subnet_ids: Mapping[str, str], components: Collection[str] = NEEDS_CACHE
) -> None:
    """Subnet group ``<deployment>-cache`` over the isolated subnets, if a component that is on is in ``components``."""
    if needs_cache(stack.deployment, components):
        stack.add(
            ElasticacheSubnetGroup,
            "cache",
            name=stack.naming.name("cache"),
            description="Isolated subnets: no route to the internet",
            subnet_ids=list(subnet_ids.values()),
        )
