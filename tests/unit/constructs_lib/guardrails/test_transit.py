"""Guardrail TLS-1 on a deployment that says TLS to pods, broken in each way."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib.guardrails.transit import encrypted_to_pods
from constructs_lib.synth import assets
from tests.synth import Synth

STACK = "idp-platform-thing"
P = "alb.ingress.kubernetes.io"
PORTS = json.dumps([{"HTTP": 80}, {"HTTPS": 443}])
INGRESS: dict[str, Any] = {
    "name": "thing",
    "host": "thing.example.com",
    "annotations": {
        f"{P}/backend-protocol": "HTTPS",
        f"{P}/healthcheck-protocol": "HTTPS",
        f"{P}/listen-ports": PORTS,
        f"{P}/ssl-redirect": "443",
    },
}
SOUND: dict[str, dict[str, Any]] = {
    "authority": {"name": "a", "toPods": True},
    "certificates": {"certificates": [{"name": "thing-tls"}]},
    "ingress": INGRESS,
    "balancers": {"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
    "thing": {"server": {"secure": True}},
}
CHARTS = {
    "authority": "./charts/cluster-authority",
    "certificates": "./charts/component-certificates",
    "ingress": "./charts/component-ingress",
    "balancers": "./charts/load-balancers",
    "thing": "thing",
}
REDIRECT = {"type": "redirect", "redirect": [{"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"}]}
RESOURCES: dict[str, Any] = {
    "aws_lb_target_group": {"t": {"protocol": "HTTPS"}},
    "aws_lb_listener": {
        "plain": {"protocol": "HTTP", "default_action": [REDIRECT]},
        "tls": {"protocol": "HTTPS", "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
    },
}


def found(values: dict[str, dict[str, Any]], resources: dict[str, Any], **tags: str) -> list[str]:
    """What the guardrail says of one stack, as "address: message" without the values file."""
    releases = {
        name: {
            "chart": CHARTS[name],
            "namespace": "thing",
            "values": [f'${{file("${{path.module}}/values/{name}.yaml")}}'],
        }
        for name in values
    }
    tagged = {"default_tags": [{"tags": {"deployment": "idp", **tags}}]}
    document = {"provider": {"aws": [tagged]}, "resource": {"helm_release": releases, **resources}}
    files = {f"values/{name}.yaml": json.dumps(given) for name, given in values.items()}
    said = encrypted_to_pods({STACK: document}, {STACK: files})
    return [f"{address}: {message.partition('.yaml: ')[2] or message}" for _, address, message in said]


def test_a_sound_deployment_passes() -> None:
    assert found(SOUND, RESOURCES) == []


def at(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Set what lies at the path to its last item."""

    def change(place: dict[str, Any]) -> None:
        *parents, last, value = path
        for part in parents:
            place = place[part]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (at("ingress", "annotations", f"{P}/backend-protocol", "HTTP"), f"{P}/backend-protocol must be HTTPS"),
        (at("ingress", "annotations", f"{P}/healthcheck-protocol", None), f"{P}/healthcheck-protocol must be HTTPS"),
        (at("ingress", "annotations", f"{P}/ssl-redirect", None), "it listens by HTTP without"),
        (at("ingress", "annotations", f"{P}/ssl-policy", "ELBSecurityPolicy-2016-08"), "admits TLS below 1.2"),
        (at("balancers", "sslPolicy", "ELBSecurityPolicy-TLS13-1-0-2021-06"), "admits TLS below 1.2"),
        (at("thing", "server", "secure", False), "server.secure must not be false"),
        (at("thing", "params", {"server.insecure": True}), "server.insecure must not be true"),
        (at("thing", "ingress", {"enabled": True}), "ingress.enabled must not be true"),
    ],
)
def test_a_release_that_speaks_plainly_is_found(change: Callable[[dict[str, Any]], None], said: str) -> None:
    values = copy.deepcopy(SOUND)
    change(values)
    (message,) = found(values, RESOURCES)
    assert said in message


def test_an_address_without_a_certificate_behind_it_is_found() -> None:
    values = {name: given for name, given in SOUND.items() if name != "certificates"}
    assert found(values, RESOURCES) == [
        "helm_release.ingress: no pod of namespace thing has a certificate: give the component one in the registry"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (at("aws_lb_target_group", "t", "protocol", "HTTP"), "protocol must be HTTPS or TLS"),
        (at("aws_lb_listener", "tls", "ssl_policy", "ELBSecurityPolicy-2016-08"), "admits TLS below 1.2"),
        (at("aws_lb_listener", "tls", "ssl_policy", None), "admits TLS below 1.2"),
        (at("aws_lb_listener", "plain", "default_action", [{"type": "forward"}]), "it may only redirect to HTTPS"),
        (
            at(
                "aws_lb_listener", "plain", "default_action", [{"type": "redirect", "redirect": [{"protocol": "HTTP"}]}]
            ),
            "it may only redirect to HTTPS",
        ),
    ],
)
def test_a_balancer_of_terraforms_own_that_speaks_plainly_is_found(
    change: Callable[[dict[str, Any]], None], said: str
) -> None:
    resources = copy.deepcopy(RESOURCES)
    change(resources)
    (message,) = found(SOUND, resources)
    assert said in message


def test_a_standard_asks_for_it_without_a_word_of_the_deployment() -> None:
    plain = {"ingress": INGRESS | {"annotations": {}}}
    assert found(plain, {}) == []
    assert len(found(plain, {}, **{"compliance-standard": "pci-dss"})) == 3


def test_where_nobody_asks_plain_traffic_to_pods_passes(shipped: Synth) -> None:
    """Production ends TLS at the load balancer; the deployment in scope of PCI DSS is looked at, and passes."""
    paths = [each for each in shipped.directory.rglob("*") if each.is_file() and each.suffix != ".tgz"]
    files = assets({str(each.relative_to(shipped.directory)): each.read_text(encoding="utf-8") for each in paths})
    documents = {stack.name: stack.document for stack in shipped.stacks()}
    assert list(encrypted_to_pods(documents, files)) == []
    name = "idp-pci-platform-argocd"
    file = "values/argocd-ingress.yaml"
    files[name] = dict(files[name])
    files[name][file] = files[name][file].replace("backend-protocol: HTTPS", "backend-protocol: HTTP")
    assert [(stack, address) for stack, address, _ in encrypted_to_pods(documents, files)] == [
        (name, "helm_release.argocd_ingress")
    ]
