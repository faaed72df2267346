"""What a deployment needs of each row of the table of quotas. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.deployment import Deployment
from constructs_lib.quotas import cluster, identity, network, nodes, regional

Count = Callable[[Deployment], int]

# Row → how many; nodes and vCPU at the pools' limits.
COUNTS: Mapping[str, Count] = {
    "application-load-balancers": network.load_balancers,
    "argocd-applications": cluster.applications,
    "budgets": regional.budgets,
    "database-clusters": network.one,
    "database-instances": regional.database_instances,
    "ecr-repositories": regional.repositories,
    "eks-access-entries": identity.entries,
    "eks-clusters": network.one,
    "eks-pod-identities": identity.associations,
    "elastic-ips": network.gateways,
    "etcd-size": cluster.database_mib,
    "event-rules": regional.event_rules,
    "iam-inline-policy-size": identity.inline_policy,
    "iam-instance-profiles": identity.instance_profiles,
    "iam-policies": identity.policies,
    "iam-policies-per-role": identity.policies_of_a_role,
    "iam-policy-size": identity.managed_policy,
    "iam-roles": identity.roles,
    "iam-trust-policy-size": identity.trust_policy,
    "interface-endpoints": network.interface_endpoints,
    "internet-gateways": network.internet_gateways,
    "kms-keys": regional.keys,
    "kubernetes-namespaces": cluster.namespaces,
    "kubernetes-nodes": nodes.nodes,
    "kubernetes-pods": cluster.pods,
    "load-balancer-rules": network.hosts_of_a_balancer,
    "load-balancer-target-groups": network.hosts_of_a_balancer,
    "log-groups": regional.log_groups,
    "nat-gateways-per-zone": network.gateways_of_a_zone,
    "network-acl-rules": network.acl_rules_of_a_direction,
    "object-size": cluster.sensor_kib,
    "on-demand-vcpu": nodes.on_demand_vcpu,
    "route-tables": network.route_tables,
    "s3-buckets": regional.buckets,
    "secrets": regional.secrets,
    "security-group-rules": network.security_group_rules,
    "security-groups": network.security_groups,
    "spot-vcpu": nodes.spot_vcpu,
    "subnets": network.subnets,
    "target-groups": network.hosts,
    "vpcs": network.one,
}


def needs(deployment: Deployment) -> Mapping[str, int]:
    """Row → how many ``deployment`` needs."""
    return {key: count(deployment) for key, count in COUNTS.items()}
