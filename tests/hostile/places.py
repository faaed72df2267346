"""Every key of the deployment file, from its models: where it is, what it admits, and how to put something there."""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from config import words
from config.file import DeploymentFile
from config.loader import FURTHER_FILES

ROOT = Path(__file__).resolve().parent.parent.parent
_STEP = re.compile(r"([^.\[\]{}]+)((?:\[\]|\{\})*)")
_ROLE = "arn:aws:iam::111122223333:role/people/"
_PERSON = {"username": "pat", "role": f"{_ROLE}pat", "email": "pat@example.com"}
# Of each nested object one, with every key: a text is put beside what it needs.
_NESTED: Mapping[str, Any] = {
    "deployment:components": {
        "backstage": {
            "enabled": True,
            "domain": "backstage.example.com",
            "exposure": "public",
            "replicas": 2,
            "image": f"registry.example.com/backstage@sha256:{'a' * 64}",
        },
        "argo-workflows": {"enabled": True, "domain": "workflows.example.com", "exposure": "internal"},
        "argocd": {"enabled": True, "domain": "argocd.example.com", "exposure": "public"},
        "argo-events": {"enabled": True, "domain": "events.example.com", "exposure": "public"},
        "argo-rollouts": {"enabled": True},
        "kyverno": {"enabled": True},
        "external-secrets": {"enabled": True},
        "cert-manager": {"enabled": True, "email": "certificates@example.com"},
        "external-dns": {"enabled": True, "policy": "sync"},
        "reloader": {"enabled": True},
        "crossplane": {"enabled": False},
        "falco": {"enabled": False},
        "velero": {"enabled": False},
        "grafana-agent": {
            "enabled": True,
            "cloudEndpoint": "https://prometheus-xxx.grafana.net",
            "teamMetrics": True,
        },
    },
    "deployment:observability:grafanaCloud": {
        "metricsEndpoint": "https://prometheus-xxx.grafana.net/api/prom/push",
        "logsEndpoint": "https://logs-xxx.grafana.net/loki/api/v1/push",
        "tracesEndpoint": "https://otlp-gateway-xxx.grafana.net/otlp",
        "queryEndpoint": "https://prometheus-xxx.grafana.net/api/prom",
    },
    "deployment:teams": [
        {
            "name": "alpha",
            "quotas": {"cpu": "4", "memory": "8Gi", "pods": 40, "storage": "64Gi"},
            "members": ["octocat"],
            "groups": ["example-org:alpha"],
            "viewerGroups": ["example-org:readers"],
            "developerRoles": [f"{_ROLE}alpha"],
            "viewerRoles": [f"{_ROLE}readers"],
            "owner": "alpha@example.com",
            "costCenter": "cc-1",
            "monthlyBudgetUsd": 100,
            "repositories": ["web", "charts/web"],
            "sources": ["example-org/web"],
            "previews": ["example-org/web"],
            "previewLimit": 2,
            "secrets": ["database"],
            "pool": "alpha",
            "internet": False,
            "egress": [{"cidr": "198.51.100.0/24", "ports": [443], "protocol": "TCP"}],
        },
        {"name": "beta", "size": "small", "members": ["hubot"]},
    ],
    "deployment:karpenter:pools": [
        {
            "name": "alpha",
            "instanceTypes": ["m6a.xlarge"],
            "capacityTypes": ["on-demand"],
            "arch": "amd64",
            "limits": {"nodes": 4, "cpu": "32", "memory": "128Gi"},
            "maxPods": 58,
            "diskGib": 50,
            "labels": {"team/purpose": "alpha"},
            "taints": [{"key": "team/alpha", "value": "only", "effect": "NoSchedule"}],
            "userNamespaces": False,
            "consolidation": "WhenEmpty",
            "consolidateAfter": "10m",
            "expireAfter": "720h",
            "terminationGracePeriod": "10m",
            "budgets": [{"nodes": "10%", "schedule": "0 9 * * mon-fri", "duration": "8h"}],
            "weight": 10,
        }
    ],
    "deployment:policyExceptions": [
        {
            "name": "builds",
            "policies": ["disallow-latest-tag"],
            "namespace": "staging",
            "workload": "ci-build-",
            "owner": "alpha@example.com",
            "expires": "2027-03-31",
            "reason": "Moves in March",
        }
    ],
    "deployment:policies": {"disallow-latest-tag": "audit"},
    "deployment:events:forward": {
        "deployment": "idp-pci",
        "account": "444455556666",
        "rules": [{"name": "orders", "source": "shop.orders", "detailTypes": ["OrderDone"], "fields": ["orderId"]}],
    },
    "deployment:events:receive": [{"deployment": "idp-pci", "account": "444455556666"}],
    "deployment:account:cloudtrail": "managed",
    "deployment:account:alarms": "managed",
    "deployment:audit:logArchive": {
        "account": "444455556666",
        "bucket": "example-archive",
        "key": "arn:aws:kms:us-west-2:444455556666:key/0000",
    },
    "deployment:audit:alarmEmails": ["alarms@example.com"],
    "deployment:access:breakGlass": ["arn:aws:iam::111122223333:user/break-glass-1"],
    "deployment:access:operators": [_PERSON],
    "deployment:access:viewers": [_PERSON],
    "deployment:access:auditors": [_PERSON],
    "deployment:github:app": {"id": "123", "installation": "456"},
    "deployment:adopt:import": {"idp-foundation-vpc": {"aws_vpc.vpc": "vpc-0123456789abcdef0"}},
    "deployment:adopt:moved": {"idp-foundation-vpc": {"aws_internet_gateway.internet": "aws_internet_gateway.this"}},
}


@functools.cache
def _context() -> Mapping[str, Any]:
    context = json.loads((ROOT / "cdktf.json").read_text(encoding="utf-8"))["context"]
    beside = (FURTHER_FILES, "deployment:shared:replicationAccounts", "deployment:events:receive")
    return {key: value for key, value in context.items() if key not in beside}


def shipped() -> dict[str, Any]:
    """The shipped production deployment by itself."""
    return copy.deepcopy(dict(_context()))


def whole() -> dict[str, Any]:
    """The shipped deployment with all nested objects."""
    return copy.deepcopy({**_context(), **_NESTED})


def texts() -> dict[str, Any]:
    """Path → annotation of every text of the model, choices too: ``deployment:teams[].name``.

    Values of objects whose keys are free are written ``{}``.
    """
    return {path: annotation for path, annotation in places() if words.is_text(annotation)}


def places() -> Iterator[tuple[str, Any]]:
    """``words.walk``, and what it leaves out: the values of objects whose keys are free."""
    for path, annotation in words.walk(DeploymentFile):
        yield path, annotation
        yield from _mapped(path, annotation)


def _mapped(path: str, annotation: Any) -> Iterator[tuple[str, Any]]:
    base, _ = words._peel(annotation)
    if get_origin(base) in (dict, Mapping):
        inner = get_args(base)[1]
        yield f"{path}{{}}", inner
        yield from _mapped(f"{path}{{}}", inner)


def steps(path: str, file: Any) -> list[str | int]:
    """``path`` in ``file``, by its first items: ``["deployment:teams", 0, "name"]``."""
    found: list[str | int] = []
    for part in path.split("."):
        match = _STEP.fullmatch(part)
        assert match, part
        found.append(match[1])
        for kind in re.findall(r"\[\]|\{\}", match[2]):
            inside = at(file, found)
            found.append(0 if kind == "[]" else next(iter(inside), "name") if isinstance(inside, dict) else "name")
    return found


def at(file: Any, location: list[str | int]) -> Any:
    """What ``file`` holds at ``location``; None where it holds nothing."""
    for step in location:
        if isinstance(step, int):
            file = file[step] if isinstance(file, list) and step < len(file) else None
        else:
            file = file.get(step) if isinstance(file, dict) else None
    return file


def put(file: dict[str, Any], location: list[str | int], value: Any) -> dict[str, Any]:
    """``file`` with ``value`` at ``location``; lists and objects on the way are copied or made, all else is shared."""
    changed = dict(file)
    place: Any = changed
    for step, following in zip(location, location[1:], strict=False):
        inner = at(place, [step])
        made: Any = inner.copy() if isinstance(inner, (dict, list)) else [] if isinstance(following, int) else {}
        _set(place, step, made)
        place = made
    _set(place, location[-1], value)
    return changed


def _set(place: Any, step: str | int, value: Any) -> None:
    if isinstance(step, int) and step >= len(place):
        place.append(value)
    else:
        place[step] = value
