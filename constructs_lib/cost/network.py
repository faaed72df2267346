"""What the network costs: ways out, endpoints, load balancers, the host for access. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterator

from config.deployment import Deployment
from constructs_lib.cost.bounds import Bounds, Entry, fixed
from constructs_lib.cost.counts import interfaces, nat_gateways, web_acls
from constructs_lib.cost.prices import HOURS, NODES, SERVICES
from constructs_lib.cost.share import LOAD_BALANCER_UNITS, load_balancer
from constructs_lib.cost.use import MUCH, USES, by_use
from constructs_lib.ingress.balancers import teams_exposure

# The instance that stands there, and its volume (constructs_lib.network.access_host).
_HOST, _HOST_GIB = "t4g.small", 20
# Rules of the web ACL: one by rate, and AWS's groups (constructs_lib.ingress.firewall).
_ACL_RULES = 4


def network(deployment: Deployment) -> Iterator[Entry]:
    """A line for each part that there is."""
    vpc, use = deployment.vpc, USES[deployment.sizing]
    gateways = nat_gateways(deployment)
    hour = SERVICES["NAT gateway"].usd + SERVICES["public address"].usd
    traffic = by_use(use.out_gib * SERVICES["NAT GiB"].usd) if gateways else fixed(0)
    yield Entry(what="NAT", bounds=fixed(gateways * hour * HOURS) + traffic, how=f"{gateways} with an address")
    if vpc.egress == "firewall":
        yield _firewall(deployment)
    there = interfaces(deployment)
    bounds = fixed(there * SERVICES["endpoint"].usd * HOURS)
    if there:
        bounds += by_use(use.endpoints_gib * SERVICES["endpoint GiB"].usd)
    yield Entry(what="interface endpoints", bounds=bounds, how=f"{there}, each counted by zone")
    yield _load_balancers(deployment)
    if acls := web_acls(deployment):
        usd = acls * (SERVICES["web ACL"].usd + _ACL_RULES * SERVICES["web ACL rule"].usd)
        requests = use.requests_millions * SERVICES["web request"].usd
        yield Entry(what="web ACL", bounds=fixed(usd) + by_use(requests), how=f"{acls} with {_ACL_RULES} rules")
    if vpc.access_host:
        usd = NODES[_HOST].usd * HOURS + _HOST_GIB * SERVICES["volume GiB"].usd
        yield Entry(what="access host", bounds=fixed(usd), how=_HOST)


def _firewall(deployment: Deployment) -> Entry:
    """An endpoint for each zone. AWS takes nothing for the hours of NAT gateways behind it, which are counted here."""
    zones = len(deployment.vpc.zones)
    traffic = USES[deployment.sizing].out_gib * SERVICES["firewall GiB"].usd
    hours = fixed(zones * SERVICES["firewall endpoint"].usd * HOURS)
    return Entry(what="network firewall", bounds=hours + by_use(traffic), how=f"{zones} endpoints")


def _load_balancers(deployment: Deployment) -> Entry:
    """One for each exposure that a component has, and that of the teams."""
    public = [host.exposure == "public" for host in deployment.components.hosts().values()]
    balancers = [*sorted(set(public)), *([teams_exposure(deployment) == "public"] if deployment.teams else [])]
    usd = sum(load_balancer(deployment, public=each) for each in balancers)
    used = len(balancers) * LOAD_BALANCER_UNITS * SERVICES["load balancer capacity unit"].usd * HOURS
    bounds = Bounds(minimum=usd - used, expected=usd, maximum=usd + (MUCH - 1) * used)
    return Entry(what="load balancers", bounds=bounds, how=f"{len(balancers)}")
