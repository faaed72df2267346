"""Pods, addresses and Services of a deployment: the rows and columns of the table. Pure: imports no engine."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.deployment import Deployment
from config.names import team_namespace
from constructs_lib.addons.namespaces import BUILDS, KUBE_SYSTEM, PULL_REQUESTS, builds_images, platform_namespaces
from constructs_lib.components.component import Component
from constructs_lib.components.pods import Pods
from constructs_lib.components.registry import enabled
from constructs_lib.data.database_bootstrap import CHART, NAMESPACE
from constructs_lib.data.databases_table import made_by_job
from constructs_lib.network.plan import TIERS, Plan, Range
from constructs_lib.network.pod_policies import LINK_LOCAL_RESOLVER, POD_IDENTITY_AGENT
from constructs_lib.reachability.evaluator import Network, Place, Pod, Service, networks
from constructs_lib.reachability.policies import JOB_LABELS
from constructs_lib.reachability.policy import Labels
from constructs_lib.teams.values import shared_namespaces
from constructs_lib.workflows.daemons import DAEMONS

# Amazon EC2 User Guide, "Access instance metadata for an EC2 instance".
METADATA = "169.254.169.254/32"
# RFC 1918, RFC 6598 and RFC 3927.
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
_LINK_LOCAL = "169.254.0.0/16"
# Labels of the add-ons' and charts' own pods, which their Services select by.
_CLUSTER: Mapping[str, Labels] = {
    "coredns": {"k8s-app": "kube-dns"},
    "metrics-server": {"app.kubernetes.io/name": "metrics-server"},
    "ebs-csi-controller": {"app": "ebs-csi-controller"},
    "snapshot-controller": {"app.kubernetes.io/name": "snapshot-controller"},
    "aws-load-balancer-controller": {"app.kubernetes.io/name": "aws-load-balancer-controller"},
    "karpenter": {"app.kubernetes.io/name": "karpenter"},
}
# Argo Workflows documentation, "Labels and annotations"; ``completed`` is there until the pod is done.
_OF_WORKFLOW = {"workflows.argoproj.io/workflow": "build", "workflows.argoproj.io/completed": "false"}
OTHER, ANY = "other", "pod"


@dataclass(frozen=True, kw_only=True)
class World:
    """``strangers`` are pods of platform namespaces that no row knows. ``namespaces`` holds each one's labels.

    ``places`` cut up all addresses of IPv4: none is left out, none is in two.
    """

    pods: tuple[Pod, ...]
    strangers: tuple[Pod, ...]
    teams: tuple[Pod, ...]
    places: tuple[Place, ...]
    namespaces: Mapping[str, Labels]
    services: tuple[Service, ...]

    @property
    def everybody(self) -> tuple[Pod, ...]:
        return (*self.pods, *self.strangers, *self.teams)

    def place(self, name: str) -> Place:
        """Raises KeyError where there is none."""
        return {each.name: each for each in self.places}[name]


def world(deployment: Deployment) -> World:
    """What ``deployment`` has. Pods on the nodes' network are part of place ``nodes``."""
    places = _places(deployment)
    nodes = next(each for each in places if each.name == "nodes")
    platform = [each.name for each in platform_namespaces(deployment)]
    own = [team_namespace(team.name) for team in deployment.teams]
    shared = [*shared_namespaces(deployment), *own]
    pods = tuple(_pods(deployment, nodes))
    return World(
        pods=pods,
        strangers=tuple(Pod(name=f"{name}/{OTHER}", namespace=name, addresses=nodes) for name in platform),
        teams=tuple(_of_teams(deployment, shared, nodes)),
        places=places,
        namespaces={name: {"kubernetes.io/metadata.name": name} for name in (KUBE_SYSTEM, *platform, *shared)}
        | {name: {"kubernetes.io/metadata.name": name, "platform/scope": name} for name in shared}
        | {name: {"kubernetes.io/metadata.name": name, "platform/scope": "team"} for name in own},
        services=tuple(_service(each, deployment) for each in pods),
    )


def row_name(component: Component, row: Pods) -> str:
    """``argocd/server``, or the component's name where the row has the same."""
    return component.name if row.name == component.name else f"{component.name}/{row.name}"


def _pods(deployment: Deployment, nodes: Place) -> Iterator[Pod]:
    for name, labels in _CLUSTER.items():
        yield Pod(name=name, namespace=KUBE_SYSTEM, labels=labels, addresses=nodes)
    for component in enabled(deployment).values():
        for row in component.running(deployment):
            yield Pod(name=row_name(component, row), namespace=component.namespace, labels=row.labels, addresses=nodes)
    if made_by_job(deployment):
        yield Pod(name=CHART, namespace=NAMESPACE, labels=JOB_LABELS, addresses=nodes)
    if builds_images(deployment):
        for daemon in DAEMONS:
            yield Pod(name=daemon.name, namespace=BUILDS.name, labels=daemon.labels, addresses=nodes)
        strangers = PULL_REQUESTS.name
        yield Pod(name=f"{strangers}/workflow", namespace=strangers, labels=_OF_WORKFLOW, addresses=nodes)


def _of_teams(deployment: Deployment, namespaces: list[str], nodes: Place) -> Iterator[Pod]:
    for name in namespaces:
        yield Pod(name=f"{name}/{ANY}", namespace=name, addresses=nodes)
    if "argo-workflows" in deployment.components.enabled():
        for team in deployment.teams:
            name = team_namespace(team.name)
            yield Pod(name=f"{name}/workflow", namespace=name, labels=_OF_WORKFLOW, addresses=nodes)


def _service(pod: Pod, deployment: Deployment) -> Service:
    """A Service as the pod's chart makes it: it selects by the pod's labels, and has an address of the range."""
    services = Place(name="service", blocks=networks(deployment.eks.service_cidr), without=(_api(deployment),))
    return Service(namespace=pod.namespace, selector=pod.labels, address=services)


def _api(deployment: Deployment) -> Network:
    """Amazon EKS: the Service ``kubernetes`` has the first address of the range."""
    return ipaddress.IPv4Network(ipaddress.IPv4Network(deployment.eks.service_cidr).network_address + 1)


def _places(deployment: Deployment) -> tuple[Place, ...]:
    plan = Plan(cidr=deployment.vpc.cidr)
    (vpc,) = networks(deployment.vpc.cidr)
    (services,) = networks(deployment.eks.service_cidr)
    resolver = ipaddress.IPv4Network(vpc.network_address + 2)
    tiers = {name: networks(plan.block(name))[0] for name in (row.range for row in plan.rows())}
    (link_resolver, agent, metadata) = networks(LINK_LOCAL_RESOLVER, POD_IDENTITY_AGENT, METADATA)
    private, (link_local,) = networks(*_PRIVATE), networks(_LINK_LOCAL)
    return (
        Place(name="API server", blocks=(_api(deployment),)),
        Place(name="control plane", blocks=(tiers["control_plane"],)),
        Place(name="nodes", blocks=(tiers["private"],), without=(resolver,)),
        Place(name="endpoints and database", blocks=(tiers["isolated"],)),
        Place(name="public load balancers", blocks=(tiers["public"],)),
        Place(name="internal load balancers", blocks=(tiers["load_balancer"],)),
        Place(name="VPC's resolver", blocks=(resolver,)),
        Place(name="link-local resolver", blocks=(link_resolver,)),
        Place(name="Pod Identity agent", blocks=(agent,)),
        Place(name="instance metadata", blocks=(metadata,)),
        Place(name="internet", blocks=networks("0.0.0.0/0"), without=(*private, link_local, vpc, services)),
        Place(name="rest of the VPC", blocks=(vpc,), without=tuple(_used(tiers))),
        Place(name="Services' addresses", blocks=(services,), without=(_api(deployment),)),
        Place(name="rest of link-local", blocks=(link_local,), without=(link_resolver, agent, metadata)),
        Place(name="other private networks", blocks=private, without=(vpc, services)),
    )


def _used(tiers: Mapping[Range, Network]) -> Iterator[Network]:
    """Ranges with a place of their own; reserved ones are the rest of the VPC's."""
    return (tiers[tier] for tier in TIERS)
