"""Roles of people and workloads, and the boundary that all of them carry. Team roles belong to the team stacks."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.iam.roles import analysis_role, people_roles, permissions_boundary, workload_roles
from constructs_lib.iam.workloads import Made
from constructs_lib.stack import PlatformStack
from stacks.contracts import DataOutputs, IamOutputs, SharedOutputs


class IamStack(PlatformStack):
    layer = "foundation"
    stack = "iam"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        data, shared = self.read(DataOutputs), self.read(SharedOutputs)
        made = Made(
            database_resource_id=data.database_resource_id,
            database_master_secret_arn=data.database_master_secret_arn,
            zone_id=shared.zone_id,
        )
        boundary = permissions_boundary(self)
        people = people_roles(self, made, boundary=boundary)
        workloads = workload_roles(self, made, boundary=boundary)
        if reader := workloads.get("external-secrets-sa"):
            analysis_role(self, reader=reader, boundary=boundary)
        self.export(
            IamOutputs(
                admin_role_arn=people["admin"],
                operator_role_arn=people["operator"],
                viewer_role_arn=people["viewer"],
                permissions_boundary_arn=boundary,
                workload_role_arns=workloads,
            )
        )
