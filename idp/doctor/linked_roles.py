"""Service-linked roles that AWS services need in the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.deployment import Deployment
from idp.aws import Aws
from idp.doctor.singletons import CONFIG_ROLE, SPOT_ROLE, role
from idp.findings import Finding, fail, ok, warn

# Made by AWS when their service is first used, by whoever may iam:CreateServiceLinkedRole, as the deployer may.
# Sources: "Using service-linked roles" in the guides of EKS, EC2 Auto Scaling, Elastic Load Balancing, Aurora and ECR.
ON_FIRST_USE: Mapping[str, str] = {
    "AWSServiceRoleForAmazonEKS": "the cluster",
    "AWSServiceRoleForAmazonEKSNodegroup": "the system nodes",
    "AWSServiceRoleForAutoScaling": "the system nodes",
    "AWSServiceRoleForElasticLoadBalancing": "load balancers",
    "AWSServiceRoleForRDS": "the database",
}


def linked_roles(aws: Aws, deployment: Deployment, *, deployed: bool) -> Iterator[Finding]:
    """The roles of the table, that of Spot where pools take it, and that of AWS Config where its recorder is ours."""
    yield _on_first_use(aws, deployed=deployed)
    spot = any("spot" in pool.capacity_types for pool in deployment.karpenter.pools)
    if spot and deployment.account.spot_service_linked_role == "off":
        yield _spot(aws)
    if deployment.account.config_recorder == "managed" and not deployed:
        yield _config(aws, deployment)


def _on_first_use(aws: Aws, *, deployed: bool) -> Finding:
    check = "account: service-linked roles"
    missing = [name for name in ON_FIRST_USE if not role(aws, name)]
    if not missing:
        return ok(check, "all there")
    if deployed:
        remedy = "AWS makes each when its service is first used; look why that didn't happen, or make it with "
        return warn(check, f"not there: {', '.join(missing)}", remedy + "aws iam create-service-linked-role")
    return ok(
        check, f"AWS makes these when it makes {', '.join(dict.fromkeys(ON_FIRST_USE[name] for name in missing))}"
    )


def _spot(aws: Aws) -> Finding:
    check = "account: Spot's service-linked role"
    found = role(aws, SPOT_ROLE)
    if found:
        return ok(check, found)
    remedy = 'set deployment:account:spotServiceLinkedRole to "managed": Karpenter can\'t make the role'
    return fail(check, "not there, and pools take Spot instances", remedy)


def _config(aws: Aws, deployment: Deployment) -> Finding:
    check = "account: AWS Config's service-linked role"
    found = role(aws, CONFIG_ROLE)
    if not found:
        return ok(check, "not there: will be made")
    remedy = f"take it into the state of {deployment.id}-account first: docs/POST_DEPLOYMENT.md has the command"
    return fail(check, f"there is one, and AWS refuses a second: {found}", remedy)
