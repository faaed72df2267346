"""What a deployment file says is there already: made before anything is applied, and nothing that we would destroy."""

from __future__ import annotations

from collections.abc import Mapping

from config.deployment import Deployment
from sandbox.inventory import client_of

# Reference of a hosted zone that is to have the id behind the colon (sandbox.extension.route53).
REFERENCE = "given"


def provide(deployment: Deployment, environment: Mapping[str, str]) -> None:
    """Make the hosted zone that ``deployment`` uses and doesn't own, in the account of ``environment``; once."""
    zone = deployment.shared.zone_id
    if zone is None:
        return
    route53 = client_of("route53", environment)
    there = {each["Id"].rpartition("/")[2] for each in route53.list_hosted_zones()["HostedZones"]}
    if zone not in there:
        route53.create_hosted_zone(Name=str(deployment.platform.domain), CallerReference=f"{REFERENCE}:{zone}")
