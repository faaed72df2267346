"""The release of the ingress classes: our chart ``load-balancers``."""

from __future__ import annotations

from cdktf_cdktf_provider_helm.release import Release

from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.helm.values import values
from constructs_lib.ingress.balancers import PLATFORM_NAMESPACES, balancers
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

CHART = "load-balancers"


def ingress_classes(stack: PlatformStack, *, certificate_arn: str) -> Release:
    """A class for each balancer. ``certificate_arn`` is valid for the platform's domain and its subdomains."""
    deployment = stack.deployment
    text = values(
        deployment,
        CHART,
        access_log_bucket=stack.naming.bucket("access-logs"),
        balancers=[
            {
                "name": each.name,
                "group": each.group,
                "scheme": each.scheme,
                "inboundCidrs": list(each.inbound_cidrs),
                "namespaceLabels": PLATFORM_NAMESPACES,
            }
            for each in balancers(deployment)
        ],
        tags={"deployment": deployment.id, "environment": deployment.environment},
    )
    stack.serves(f"helm_release.{address(CHART)}", "1.2.6", "2.2.5", "4.2.1", "10.2.1")
    return release(
        stack,
        ReleaseProps(
            name=CHART,
            namespace=KUBE_SYSTEM,
            local=True,
            values=text,
            from_other_stacks={"certificateArn": certificate_arn},
        ),
    )
