"""The release of a team, and those of what all teams share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_helm.release import Release

from config.components import Exposure
from config.names import team_namespace
from config.teams import Team
from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.engine import TerraformResource
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.helm.values import values
from constructs_lib.ingress.balancers import inbound_cidrs, scheme, teams_exposure
from constructs_lib.ingress.classes import CHART as BALANCERS_CHART
from constructs_lib.ingress.firewall import web_acl
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack
from constructs_lib.teams.previews import CHART as PREVIEWS_CHART
from constructs_lib.teams.previews import has_previews, previews_values
from constructs_lib.teams.shared import NAMESPACES_CHART, TTL_CHART, has_ttl, namespaces_values, ttl_values
from constructs_lib.teams.values import CHART, Common, team_values

TEAMS_CLASS = "teams"


def team_release(stack: PlatformStack, team: Team, same: Common, depends_on: Sequence[TerraformResource]) -> Release:
    """Release ``team-<name>``. It is kept in kube-system: it makes its own namespace, and takes it away."""
    name = team_namespace(team.name)
    text = team_values(stack.deployment, stack.naming, team, same)
    props = ReleaseProps(name=name, namespace=KUBE_SYSTEM, chart=CHART, local=True, values=text, depends_on=depends_on)
    stack.serves(f"helm_release.{address(name)}", "1.2.5", "1.3.1", "1.3.2", "7.2.2", "7.3.2")
    return release(stack, props)


def shared_releases(stack: PlatformStack, *, certificate_arn: str) -> list[Release]:
    """Namespaces with the roles of teams, the teams' load balancer, what goes after its time, and previews.

    The last two need rights that the first gives Kyverno, whose webhook asks for them when a policy is made.
    """
    deployment = stack.deployment
    namespaces = release(
        stack,
        ReleaseProps(name=NAMESPACES_CHART, namespace=KUBE_SYSTEM, local=True, values=namespaces_values(deployment)),
    )
    made = [namespaces, _load_balancer(stack, certificate_arn)]
    if has_ttl(deployment):
        props = ReleaseProps(
            name=TTL_CHART, namespace=KUBE_SYSTEM, local=True, values=ttl_values(deployment), depends_on=[namespaces]
        )
        made.append(release(stack, props))
    if has_previews(deployment):
        text = previews_values(deployment)
        props = ReleaseProps(
            name=PREVIEWS_CHART, namespace=KUBE_SYSTEM, local=True, values=text, depends_on=[namespaces]
        )
        made.append(release(stack, props))
    return made


def _web_acl(stack: PlatformStack, exposure: Exposure) -> Mapping[str, str]:
    """The web ACL of the teams' load balancer, where it faces the internet and the deployment wants one."""
    if exposure != "public" or not stack.deployment.ingress.waf:
        return {}
    web_acl(stack, TEAMS_CLASS)
    # As text: the engine's token would stand in the values as it is.
    return {"webAclArn": f"${{aws_wafv2_web_acl.{TEAMS_CLASS}.arn}}"}


def _load_balancer(stack: PlatformStack, certificate_arn: str) -> Release:
    """Ingress class ``teams``: one load balancer, which nobody outside of namespaces of teams adds a host to."""
    deployment = stack.deployment
    exposure = teams_exposure(deployment)
    balancer = {
        "name": TEAMS_CLASS,
        "group": f"{deployment.id}-{TEAMS_CLASS}",
        "scheme": scheme(exposure),
        "inboundCidrs": list(inbound_cidrs(deployment, exposure)),
        "namespaceLabels": {"platform/ingress": TEAMS_CLASS},
    }
    text = values(
        deployment,
        BALANCERS_CHART,
        access_log_bucket=stack.naming.bucket("access-logs"),
        balancers=[balancer],
        tags={"deployment": deployment.id, "environment": deployment.environment},
    )
    return release(
        stack,
        ReleaseProps(
            name="team-load-balancer",
            namespace=KUBE_SYSTEM,
            chart=BALANCERS_CHART,
            local=True,
            values=text,
            from_other_stacks={"certificateArn": certificate_arn, **_web_acl(stack, exposure)},
        ),
    )
