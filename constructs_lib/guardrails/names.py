"""Guardrail on further names in values: config maps, Secrets by any key, classes, buses, issuers, namespaces, and what
AWS knows by a name. REL-5 has those that are named by the same key everywhere.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.estate import Estate, estates
from constructs_lib.guardrails.makers import EVERYWHERE
from constructs_lib.guardrails.objects import WITHOUT_NAMESPACE, Made
from constructs_lib.guardrails.references import BUILT_IN
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed

Found = Iterator[tuple[str, str, str]]

# Last key of a reference, in lower case → the kind that it names.
KEYS: Mapping[str, str] = {
    "cert-manager.io/cluster-issuer": "ClusterIssuer",
    "configmap.reloader.stakater.com/reload": "ConfigMap",
    "eventbusname": "EventBus",
    "existingconfigmap": "ConfigMap",
    "extraenvvarscm": "ConfigMap",
    "extraenvvarssecrets": "Secret",
    "ingressclassname": "IngressClass",
    "secret.reloader.stakater.com/reload": "Secret",
}
# The two last keys of a reference → the kind that it names.
PAIRS: Mapping[tuple[str, ...], str] = {
    ("bindings", "role"): "ClusterRole",
    ("configMap", "name"): "ConfigMap",
    ("configMapKeyRef", "name"): "ConfigMap",
    ("configMapRef", "name"): "ConfigMap",
    ("ingress", "className"): "IngressClass",
    ("imagePullSecrets", "name"): "Secret",
    ("secretRef", "name"): "Secret",
    ("source", "certificate"): "Secret",
}
# (our chart, its key) → the kind that it names.
OWN_KEYS: Mapping[tuple[str, str], str] = {("component-ingress", "class"): "IngressClass"}
# Keys, in lower case, by which charts name a namespace that is there. In selectors of peers it need not be.
NAMESPACES = ("namespace", "namespaces")
# Last key, in lower case → the kind of resource and the argument that is its name.
AWS: Mapping[str, tuple[str, str]] = {
    "accesslogbucket": ("aws_s3_bucket", "bucket"),
    "bucket": ("aws_s3_bucket", "bucket"),
    "bucketname": ("aws_s3_bucket", "bucket"),
    "clustername": ("aws_eks_cluster", "name"),
    "instanceprofile": ("aws_iam_instance_profile", "name"),
    "interruptionqueue": ("aws_sqs_queue", "name"),
}
# Argo CD: what starts with a dollar is the key of a Secret (Argo CD documentation, "SSO with Dex").
_ARGOCD = re.compile(r"\$([a-z0-9][a-z0-9.-]*):([A-Za-z0-9._-]+)")
_ARGOCD_KEYS = frozenset({"dex.config", "oidc.config"})


def names_exist(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Every config map, Secret, class, bus, issuer, role, namespace, bucket or queue that values name is made."""
    for estate in estates(stacks, files):
        synced, rows = _synced(estate), _rows(estate)
        for placed in estate.releases:
            for key, wanted in {*_by_key(placed), *_selected(placed)}:
                if not _exists(estate, wanted):
                    yield placed.stack, placed.address, f"{placed.values_file}: {key}: nobody makes {_remedy(wanted)}"
            yield from _of_aws(estate, placed)
            yield from _keys(rows.get(placed.namespace, {}), placed)
            yield from _apps(synced, placed)


def _exists(estate: Estate, wanted: Made) -> bool:
    if (wanted.kind, wanted.name) in EVERYWHERE or (
        wanted.kind == "Namespace" and wanted.name in BUILT_IN["namespace"]
    ):
        return True
    return wanted in estate.made


def _remedy(wanted: Made) -> str:
    hint = "make it in a chart of ours, or, where another chart does, list it in guardrails/makers.py"
    if wanted.kind == "Secret":
        hint = "sync it (secrets of the component's entry), or list it in guardrails/makers.py where its chart makes it"
    elif wanted.kind == "Namespace":
        hint = "switch its component on, or add it to addons/namespaces.py"
    return f"{wanted}; {hint}"


def _by_key(placed: Placed) -> Iterator[tuple[str, Made]]:
    chart = placed.chart
    for path, value in placed.leaves:
        if not path or not isinstance(value, str) or not value:
            continue
        kind = _kind(chart, path)
        if kind is not None:
            for name in value.split(","):
                yield ".".join(path), _object(kind, placed.namespace, name.strip())
        elif path[-1] in _ARGOCD_KEYS:
            for name, _ in _ARGOCD.findall(value):
                yield ".".join(path), Made("Secret", placed.namespace, name)


@functools.lru_cache(maxsize=8192)
def _kind(chart: str, path: tuple[str, ...]) -> str | None:
    last = path[-1].lower()
    found = KEYS.get(last) or PAIRS.get(path[-2:]) or OWN_KEYS.get((chart, path[-1]))
    if found is None and last.endswith(NAMESPACES) and path[0] != "networkPolicies":
        return "Namespace"
    return found


def _object(kind: str, namespace: str, name: str) -> Made:
    return Made(kind, "" if kind in WITHOUT_NAMESPACE else namespace, name)


def _selected(placed: Placed) -> Iterator[tuple[str, Made]]:
    """Secrets named with a key: ``passwordSecret: {name: x, key: password}``. REL-5 has ``secretKeyRef``."""
    for path, name, _ in _selectors(placed.values):
        if not path.endswith("secretKeyRef.key"):
            yield f"{path.removesuffix('key')}name", Made("Secret", placed.namespace, name)


def _rows(estate: Estate) -> dict[str, dict[str, set[str]]]:
    """Namespace → name of a Secret that is synced there → the keys that its row writes."""
    found: dict[str, dict[str, set[str]]] = {}
    for placed in estate.releases:
        for row in placed.entries("externalSecrets"):
            if row.get("keys"):
                keys = {*row["keys"], *(row.get("literals") or {})}
                found.setdefault(placed.namespace, {})[str(row["name"])] = keys
    return found


def _keys(rows: Mapping[str, set[str]], placed: Placed) -> Found:
    """Keys of Secrets that are synced: what a selector takes, the row of its namespace must write."""
    for path, name, key in {*_selectors(placed.values), *_inside(placed)} if rows else ():
        if name in rows and key not in rows[name]:
            yield (
                placed.stack,
                placed.address,
                f"{placed.values_file}: {path}: Secret {placed.namespace}/{name} has no key {key}, only "
                f"{', '.join(sorted(rows[name]))}; write it there (keys of the component's SyncedSecret)",
            )


def _synced(estate: Estate) -> dict[tuple[str, str], frozenset[str]]:
    """Keys that are synced, by namespace and name of their Secret."""
    return {
        (each.namespace, str(row["name"])): frozenset(row.get("keys") or ())
        for each in estate.releases
        for row in each.entries("externalSecrets")
    }


def _apps(synced: Mapping[tuple[str, str], frozenset[str]], placed: Placed) -> Found:
    """The key of the GitHub App lies where a team's tokens are made: External Secrets looks in no other namespace."""
    for part, beside in (("git", "git"), ("previews", "deliveries")):
        app, where = (placed.values.get(each) or {} for each in (part, beside))
        if not isinstance(app, Mapping) or "app" not in app:
            continue
        secret, key, namespace = app["app"].get("secret"), app["app"].get("key"), where.get("namespace")
        if key not in synced.get((str(namespace), str(secret)), ()):
            said = f"{part}.app: nobody syncs key {key} into Secret {namespace}/{secret}"
            yield placed.stack, placed.address, f"{placed.values_file}: {said}; amend the component's SyncedSecret"


def _selectors(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str, str]]:
    """(path, name, key) of every mapping that has both."""
    if isinstance(value, dict):
        name, key = value.get("name"), value.get("key")
        if isinstance(name, str) and isinstance(key, str) and path[-1:] != ("configMapKeyRef",):
            yield ".".join((*path, "key")), name, key
        for step, item in value.items():
            if isinstance(item, (dict, list, tuple)) and step not in ("externalSecrets", "networkPolicies"):
                yield from _selectors(item, (*path, str(step)))
    else:
        for item in value:
            if isinstance(item, (dict, list, tuple)):
                yield from _selectors(item, path)


def _inside(placed: Placed) -> Iterator[tuple[str, str, str]]:
    for path, value in placed.leaves:
        if path and path[-1] in _ARGOCD_KEYS:
            for name, key in _ARGOCD.findall(str(value)):
                yield ".".join(path), name, key


def _of_aws(estate: Estate, placed: Placed) -> Found:
    for path, value in placed.leaves:
        kind, argument = AWS.get(path[-1].lower() if path else "", ("", ""))
        if kind and value and value not in _named(estate, kind, argument):
            message = f"{placed.values_file}: {'.'.join(path)}: no stack makes {kind} {value}; take it from naming"
            yield placed.stack, placed.address, message


def _named(estate: Estate, kind: str, argument: str) -> set[str]:
    return {estate.literal(address.stack, given.get(argument)) for address, given in estate.resources(kind)}
