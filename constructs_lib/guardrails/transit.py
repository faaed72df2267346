"""Guardrail on encryption in transit: from the internet to the load balancer, and from there to the pod."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.estate import Estate, estates
from constructs_lib.guardrails.pci import TAG
from constructs_lib.guardrails.rule import Document, Files, default_tags
from constructs_lib.guardrails.values import Placed

Found = Iterator[tuple[str, str, str]]

AUTHORITY, CERTIFICATES = "cluster-authority", "component-certificates"
INGRESS, BALANCERS = "component-ingress", "load-balancers"
CONTROLLER = "alb.ingress.kubernetes.io"
# Elastic Load Balancing User Guide, "Security policies": what their names start with that know no TLS below 1.2.
POLICIES = ("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-", "ELBSecurityPolicy-TLS-1-2-")
_ENCRYPTED = {"HTTPS", "TLS"}
# Settings of charts of others by which a component would speak plain HTTP where it could do else.
_PLAIN = {("server.insecure",): True, ("server", "secure"): False, ("ingress", "enabled"): True}


def encrypted_to_pods(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Where load balancers speak TLS to pods, all of them do, by TLS 1.2 or later alone (2.2.7, 4.2.1)."""
    for estate in estates(stacks, files):
        if _asked(estate):
            yield from _releases(estate)
            yield from _resources(estate)


def _asked(estate: Estate) -> bool:
    """Whether the deployment says so itself, or is in scope of a standard."""
    says = any(each.is_own and each.chart == AUTHORITY and each.values.get("toPods") for each in estate.releases)
    return says or any(TAG in default_tags(document) for document in estate.stacks.values())


def _releases(estate: Estate) -> Found:
    certified = {each.namespace for each in estate.releases if each.is_own and each.chart == CERTIFICATES}
    for placed in estate.releases:
        for message in _faults(placed, certified):
            yield placed.stack, placed.address, f"{placed.values_file}: {message}"


def _faults(placed: Placed, certified: set[str]) -> Iterator[str]:
    if not placed.is_own:
        yield from _plain(placed)
    elif placed.chart == INGRESS:
        yield from _ingress(placed)
        if placed.namespace not in certified:
            yield f"no pod of namespace {placed.namespace} has a certificate: give the component one in the registry"
    elif placed.chart == BALANCERS and not _strong(placed.values.get("sslPolicy")):
        yield f"sslPolicy {placed.values.get('sslPolicy')} admits TLS below 1.2: take one of {', '.join(POLICIES)}*"


def _ingress(placed: Placed) -> Iterator[str]:
    annotations: Mapping[str, Any] = placed.values.get("annotations") or {}
    for key in ("backend-protocol", "healthcheck-protocol"):
        if annotations.get(f"{CONTROLLER}/{key}") != "HTTPS":
            yield f"{CONTROLLER}/{key} must be HTTPS"
    listened = json.loads(annotations.get(f"{CONTROLLER}/listen-ports", "[]"))
    plain = any("HTTP" in each for each in listened)
    if plain and annotations.get(f"{CONTROLLER}/ssl-redirect") != "443":
        yield f"it listens by HTTP without {CONTROLLER}/ssl-redirect to 443"
    policy = annotations.get(f"{CONTROLLER}/ssl-policy")
    if policy is not None and not _strong(policy):
        yield f"{CONTROLLER}/ssl-policy {policy} admits TLS below 1.2"


def _plain(placed: Placed) -> Iterator[str]:
    """Values by which a chart of others makes an Ingress of its own, or its pods speak plain HTTP."""
    for path, value in placed.leaves:
        for end, wrong in _PLAIN.items():
            if path[-len(end) :] == end and value is wrong:
                yield f"{'.'.join(path)} must not be {str(wrong).lower()}: its pods serve TLS, at our own Ingress"


def _strong(policy: Any) -> bool:
    return str(policy).startswith(POLICIES)


def _resources(estate: Estate) -> Found:
    """Load balancers that Terraform makes itself, rather than the controller."""
    for kind in ("aws_lb_target_group", "aws_alb_target_group"):
        for address, given in estate.resources(kind):
            if given.get("protocol") not in _ENCRYPTED and given.get("target_type") != "lambda":
                yield address.stack, f"{address.kind}.{address.name}", "protocol must be HTTPS or TLS"
    for kind in ("aws_lb_listener", "aws_alb_listener"):
        for address, given in estate.resources(kind):
            for message in _listener(given):
                yield address.stack, f"{address.kind}.{address.name}", message


def _listener(given: Mapping[str, Any]) -> Iterator[str]:
    if given.get("protocol") in _ENCRYPTED:
        if not _strong(given.get("ssl_policy")):
            yield f"ssl_policy {given.get('ssl_policy')} admits TLS below 1.2"
        return
    actions = given.get("default_action", [])
    actions = actions if isinstance(actions, list) else [actions]
    for action in actions or [{}]:
        redirect = action.get("redirect") or [{}]
        first = redirect[0] if isinstance(redirect, list) else redirect
        if action.get("type") != "redirect" or first.get("protocol") != "HTTPS":
            yield "without TLS it may only redirect to HTTPS"
