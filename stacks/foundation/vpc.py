"""The network of a deployment."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.network.access_host import AccessHost
from constructs_lib.network.dns_firewall import dns_firewall, query_log
from constructs_lib.network.egress_logs import EgressLogs
from constructs_lib.network.firewall import EgressFirewall
from constructs_lib.network.flow_logs import flow_logs
from constructs_lib.network.plan import Plan
from constructs_lib.network.routes import Routes
from constructs_lib.network.subnets import Subnets
from constructs_lib.network.vpc import Network
from constructs_lib.network.vpc_endpoints import Endpoints
from constructs_lib.stack import PlatformStack
from stacks.contracts import ACCESS_HOST, VpcOutputs


class VpcStack(PlatformStack):
    """VPC, subnets, routes, endpoints, flow logs and, where asked for, an access host. Reads no other stack."""

    layer = "foundation"
    stack = "vpc"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        plan = Plan(cidr=deployment.vpc.cidr)
        network = Network(self)
        subnets = Subnets(self, network, plan)
        routes = Routes(self, network, subnets, plan, self._egress(network, subnets, plan))
        endpoints = Endpoints(self, network, subnets, routes, plan)
        flow_logs(self, network)
        hosts = {}
        if deployment.vpc.access_host:
            hosts[ACCESS_HOST] = AccessHost(self, network, subnets, endpoints).security_group_id
        self.export(
            VpcOutputs(
                vpc_id=network.vpc.id,
                public_subnet_ids=subnets.ids.get("public", {}),
                private_subnet_ids=subnets.ids["private"],
                isolated_subnet_ids=subnets.ids["isolated"],
                control_plane_subnet_ids=subnets.ids["control_plane"],
                s3_prefix_list_id=endpoints.s3_prefix_list_id,
                access_host_security_group_ids=hosts,
            )
        )

    def _egress(self, network: Network, subnets: Subnets, plan: Plan) -> EgressFirewall | None:
        """What restricts connections and names where not everything may leave."""
        if self.deployment.vpc.egress == "open":
            return None
        logs = EgressLogs(self)
        dns_firewall(self, network)
        query_log(self, network, logs)
        return EgressFirewall(self, network, subnets, plan, logs) if self.deployment.vpc.egress == "firewall" else None
