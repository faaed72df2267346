"""idp-bootstrap: remote state, and the roles of who plans and deploys. Every other stack stands on it."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from constructs_lib.state.operators import break_glass_role, state_roles
from constructs_lib.state.remote_state import remote_state
from stacks.contracts import BootstrapOutputs


class BootstrapStack(PlatformStack):
    """Owns the state's bucket, key and lock table, the deployer, planner and auditor roles, and that for emergencies.

    Its first apply runs on a local state (``idp bootstrap``), which then moves into the bucket made here.
    """

    layer = "bootstrap"
    stack = "bootstrap"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        state = remote_state(self)
        roles = state_roles(self)
        break_glass_role(self)
        self.export(
            BootstrapOutputs(
                state_bucket=state.bucket.bucket,
                lock_table=state.table.name,
                state_key_arn=state.key.arn,
                deployer_role_arn=roles.deployer.arn,
                planner_role_arn=roles.planner.arn,
                auditor_role_arn=roles.auditor.arn,
            )
        )
