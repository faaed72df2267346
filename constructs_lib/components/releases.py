"""A component as resources: who it may be, what it has, its releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.eks_pod_identity_association import EksPodIdentityAssociation
from cdktf_cdktf_provider_helm.release import Release

from constructs_lib.addons.install import associate
from constructs_lib.components import controls
from constructs_lib.components.component import Component, Foundation, OwnChart
from constructs_lib.components.policies import Components
from constructs_lib.components.template import rendered
from constructs_lib.components.transit import CHART as CERTIFICATES
from constructs_lib.components.transit import certificates_name, certificates_values, serves_tls
from constructs_lib.components.wiring import (
    BASE,
    CONTROLLER,
    INGRESS,
    base_name,
    base_values,
    ingress_name,
    ingress_values,
)
from constructs_lib.engine import TerraformResource
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.iam.workloads import workloads
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack


def associations(
    stack: PlatformStack, component: Component, role_arns: Mapping[str, str]
) -> list[EksPodIdentityAssociation]:
    """The role of each of the component's service accounts in its own namespace. ``role_arns`` by workload.

    Pods take a role up when they are made: releases depend on these.
    """
    rows = {row.name: row for row in workloads(stack.deployment)}
    return [
        associate(stack, service_account, role_arns[name], namespace=namespace)
        for name in component.identities
        if name in rows
        for namespace, service_account in rows[name].bindings
        if namespace == component.namespace
    ]


def releases(
    stack: PlatformStack,
    component: Component,
    everyone: Components,
    foundation: Foundation,
    depends_on: Sequence[TerraformResource],
) -> list[Release]:
    """The component's releases, each after the one before: base, certificates, own charts before, its chart, own
    charts after."""
    base = release(
        stack,
        ReleaseProps(
            name=base_name(component),
            namespace=component.namespace,
            chart=BASE,
            local=True,
            values=base_values(component, stack.deployment, everyone),
            depends_on=depends_on,
        ),
    )
    stack.serves(f"helm_release.{address(base_name(component))}", *controls.BASE)
    made = [base]
    if serves_tls(component, stack.deployment):
        made.append(_certificates(stack, component, after=base))
    for own in _own(component, stack, "before"):
        made.append(_own_chart(stack, component, own, foundation, after=made[-1]))
    made.append(_chart(stack, component, foundation, after=made[-1]))
    for own in _own(component, stack, "after"):
        made.append(_own_chart(stack, component, own, foundation, after=made[-1]))
    return made


def ingress(stack: PlatformStack, component: Component, web_acl_arns: Mapping[str, str], after: Release) -> Release:
    """The component's address, once its Service is there: a missing one would hold up the whole load balancer.

    ``web_acl_arns`` by exposure. Raises ValueError where the component has no host.
    """
    settings = stack.deployment.components.hosts().get(component.name)
    if component.host is None or settings is None:
        raise ValueError(f"component {component.name} has no host")
    acl = web_acl_arns.get(settings.exposure)
    stack.serves(f"helm_release.{address(ingress_name(component))}", *controls.INGRESS)
    return release(
        stack,
        ReleaseProps(
            name=ingress_name(component),
            namespace=component.namespace,
            chart=INGRESS,
            local=True,
            values=ingress_values(component, component.host, settings, to_pods=stack.deployment.transit.to_pods),
            from_other_stacks={"annotations": {f"{CONTROLLER}/wafv2-acl-arn": acl}} if acl else {},
            depends_on=[after],
        ),
    )


def _own(component: Component, stack: PlatformStack, order: str) -> list[OwnChart]:
    return [own for own in component.own_charts if own.order == order and own.when(stack.deployment)]


def _certificates(stack: PlatformStack, component: Component, after: Release) -> Release:
    """Before the pods, which wait for their Secrets."""
    stack.serves(f"helm_release.{address(certificates_name(component))}", *controls.CERTIFICATES)
    return release(
        stack,
        ReleaseProps(
            name=certificates_name(component),
            namespace=component.namespace,
            chart=CERTIFICATES,
            local=True,
            values=certificates_values(component, stack.deployment),
            depends_on=[after],
        ),
    )


def _chart(stack: PlatformStack, component: Component, foundation: Foundation, after: Release) -> Release:
    stack.serves(f"helm_release.{address(component.name)}", *controls.CHARTS.get(component.name, ()))
    return release(
        stack,
        ReleaseProps(
            name=component.name,
            namespace=component.namespace,
            chart=component.chart,
            values=rendered(component, component.name, stack.deployment, stack.naming),
            from_other_stacks=component.from_other_stacks(foundation),
            timeout_seconds=component.timeout_seconds,
            depends_on=[after],
        ),
    )


def _own_chart(
    stack: PlatformStack, component: Component, own: OwnChart, foundation: Foundation, after: Release
) -> Release:
    stack.serves(f"helm_release.{address(own.name)}", *controls.OWN.get(own.name, ()))
    return release(
        stack,
        ReleaseProps(
            name=own.name,
            namespace=component.namespace,
            local=True,
            values=rendered(component, own.name, stack.deployment, stack.naming),
            from_other_stacks=own.from_other_stacks(foundation),
            depends_on=[after],
        ),
    )
