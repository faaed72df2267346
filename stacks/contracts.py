"""The contracts of all stacks: what each declares as its outputs, and others read. Pure: imports no engine."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.contracts import Contract, keyed, per_zone
from constructs_lib.data.secrets_table import secret_paths
from constructs_lib.events.names import way_out, ways_in
from constructs_lib.iam.workloads import workload_names
from constructs_lib.ingress.balancers import with_firewall

# The only key of VpcOutputs.access_host_security_group_ids.
ACCESS_HOST = "access-host"


@dataclass(frozen=True, kw_only=True)
class BootstrapOutputs(Contract):
    """Remote state and the roles of who plans and deploys."""

    layer = "bootstrap"
    stack = "bootstrap"

    state_bucket: str
    lock_table: str
    state_key_arn: str
    deployer_role_arn: str
    planner_role_arn: str
    auditor_role_arn: str


@dataclass(frozen=True, kw_only=True)
class VpcOutputs(Contract):
    """The network; subnet ids by availability zone, and the access host's security group where there is a host.

    Public subnets are there where an internet gateway is.
    """

    layer = "foundation"
    stack = "vpc"

    vpc_id: str
    public_subnet_ids: Mapping[str, str] = keyed(
        lambda deployment: () if deployment.vpc.egress == "none" else deployment.vpc.zones
    )
    private_subnet_ids: Mapping[str, str] = per_zone()
    isolated_subnet_ids: Mapping[str, str] = per_zone()
    control_plane_subnet_ids: Mapping[str, str] = per_zone()
    s3_prefix_list_id: str
    access_host_security_group_ids: Mapping[str, str] = keyed(
        lambda deployment: (ACCESS_HOST,) if deployment.vpc.access_host else ()
    )


@dataclass(frozen=True, kw_only=True)
class DataOutputs(Contract):
    """Keys, database, buckets and secrets."""

    layer = "foundation"
    stack = "data"

    data_key_arn: str
    secrets_key_arn: str
    logs_key_arn: str
    eks_key_arn: str
    ebs_key_arn: str
    database_endpoint: str
    database_reader_endpoint: str
    database_resource_id: str
    database_master_secret_arn: str
    database_security_group_id: str
    artifacts_bucket: str
    techdocs_bucket: str
    backups_bucket: str
    access_log_bucket: str
    secret_arns: Mapping[str, str] = keyed(lambda deployment: secret_paths(deployment))


@dataclass(frozen=True, kw_only=True)
class SharedOutputs(Contract):
    """Registry and DNS, made here or owned by another deployment."""

    layer = "foundation"
    stack = "shared"

    registry: str
    zone_id: str
    certificate_arn: str


@dataclass(frozen=True, kw_only=True)
class IamOutputs(Contract):
    """Roles of people and workloads, and the boundary that every role below carries."""

    layer = "foundation"
    stack = "iam"

    admin_role_arn: str
    operator_role_arn: str
    viewer_role_arn: str
    permissions_boundary_arn: str
    workload_role_arns: Mapping[str, str] = keyed(lambda deployment: workload_names(deployment))


@dataclass(frozen=True, kw_only=True)
class EventsOutputs(Contract):
    """The bus whose events go to a receiver, and the queues that senders fill. Who reads one comes after."""

    layer = "foundation"
    stack = "events"

    bus_arns: Mapping[str, str] = keyed(lambda deployment: [way.receiver] if (way := way_out(deployment)) else [])
    queue_names: Mapping[str, str] = keyed(lambda deployment: ways_in(deployment))


@dataclass(frozen=True, kw_only=True)
class EksOutputs(Contract):
    """The cluster, as later layers reach it."""

    layer = "cluster"
    stack = "eks"

    cluster_name: str
    cluster_arn: str
    endpoint: str
    certificate_authority: str
    cluster_security_group_id: str
    node_security_group_id: str
    node_role_arn: str
    node_role_name: str


@dataclass(frozen=True, kw_only=True)
class AddonsOutputs(Contract):
    """What the cluster offers once its add-ons run."""

    layer = "cluster"
    stack = "addons"

    storage_class: str
    ingress_class: str


@dataclass(frozen=True, kw_only=True)
class KarpenterOutputs(Contract):
    """The nodes that Karpenter makes. Who needs them reads this, and goes before they do."""

    layer = "cluster"
    stack = "karpenter"

    node_role_arn: str
    interruption_queue_arn: str


@dataclass(frozen=True, kw_only=True)
class LoadBalancersOutputs(Contract):
    """Ingress classes that share a load balancer each; the ARN of its web ACL where it has one, by exposure."""

    layer = "platform"
    stack = "load-balancers"

    release: str
    web_acl_arns: Mapping[str, str] = keyed(with_firewall)


@dataclass(frozen=True, kw_only=True)
class DatabaseBootstrapOutputs(Contract):
    """Users, places and passwords on the database. Who has one reads this, and comes after."""

    layer = "platform"
    stack = "database-bootstrap"

    release: str


@dataclass(frozen=True, kw_only=True)
class PoliciesOutputs(Contract):
    """Kyverno's policies are there; ``namespace`` is where exceptions to them count."""

    layer = "platform"
    stack = "policies"

    release: str
    namespace: str


@dataclass(frozen=True, kw_only=True)
class ComponentOutputs(Contract):
    """A component that is there. Who needs it reads this; ``host`` is empty where it has no address."""

    layer = "platform"

    release: str
    namespace: str
    host: str


@functools.cache
def component_outputs(name: str) -> type[ComponentOutputs]:
    """The contract of component ``name``."""
    return type(f"{name.title().replace('-', '')}Outputs", (ComponentOutputs,), {"stack": name})


@dataclass(frozen=True, kw_only=True)
class TeamsSharedOutputs(Contract):
    """What all teams share is there, and with it the components that teams use."""

    layer = "teams"
    stack = "shared"

    release: str
    ingress_class: str
