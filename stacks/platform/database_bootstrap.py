"""Users, places and passwords on the database, before the components that have data there."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.addons.install import associate
from constructs_lib.data.database_bootstrap import (
    CHART,
    NAMESPACE,
    SERVICE_ACCOUNT,
    WORKLOAD,
    job_image,
    job_values,
    values_of_other_stacks,
)
from constructs_lib.engine import App
from constructs_lib.helm.blocks import block
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.naming import address
from stacks.cluster.base import ReleaseStack
from stacks.contracts import AddonsOutputs, DatabaseBootstrapOutputs, DataOutputs, IamOutputs, KarpenterOutputs


class DatabaseBootstrapStack(ReleaseStack):
    """There where a component's secret is made by the job (docs/adr/0012). The release is complete when the job is."""

    layer = "platform"
    stack = "database-bootstrap"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.read(AddonsOutputs)
        self.read(KarpenterOutputs)
        data = self.read(DataOutputs)
        role_arn = self.read(IamOutputs).workload_role_arns[WORKLOAD]
        identity = associate(self, SERVICE_ACCOUNT, role_arn, namespace=NAMESPACE)
        values = job_values(deployment, image=job_image(deployment))
        made = release(
            self,
            ReleaseProps(
                name=CHART,
                namespace=NAMESPACE,
                local=True,
                values=f"# Chart {CHART}: from the tables of databases and of secrets.\n{block(values)}\n",
                from_other_stacks=values_of_other_stacks(
                    host=data.database_endpoint, master_secret_arn=data.database_master_secret_arn
                ),
                depends_on=[identity],
            ),
        )
        self.serves(f"helm_release.{address(CHART)}", "7.2.5", "7.2.6", "8.6.3")
        self.export(DatabaseBootstrapOutputs(release=made.name))
