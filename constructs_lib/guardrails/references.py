"""Guardrail on names in values: what a release refers to exists in some stack of its deployment.

Values are read by their keys, the same in our charts and in others' (``priorityClassName``, ``serviceAccount.name`` …).
What our charts make is read from their values, too: chart ``cluster-base`` lists what it makes, others follow
the same keys. Names that only a rendered manifest shows are the business of the tests that render.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.estate import deployment_of
from constructs_lib.guardrails.releases import names_account
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed, releases

Found = Iterator[tuple[str, str, str]]
Names = dict[str, set[str]]

# Made by Kubernetes and EKS in every cluster.
BUILT_IN: Mapping[str, frozenset[str]] = {
    "namespace": frozenset({"default", "kube-node-lease", "kube-public", "kube-system"}),
    "priority class": frozenset({"system-cluster-critical", "system-node-critical"}),
    "storage class": frozenset(),
    "secret": frozenset(),
    "service account": frozenset(),
}
# Last key of a reference, in lower case → what it names.
_REFERENCES = {
    "existingsecret": "secret",
    "podpriorityclassname": "priority class",
    "priorityclassname": "priority class",
    "secretname": "secret",
    "serviceaccountname": "service account",
    "storageclass": "storage class",
    "storageclassname": "storage class",
}
# List in a chart's values → what its entries' ``name`` makes.
_MADE = {
    # Each has a Secret of its name.
    "certificates": "secret",
    "externalSecrets": "secret",
    "namespaces": "namespace",
    "priorityClasses": "priority class",
    "secrets": "secret",
    "serviceAccounts": "service account",
}


def references_exist(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Every storage class, priority class, namespace, secret and service account that is named exists."""
    placed = list(releases(stacks, files))
    made: dict[str, Names] = {}
    for each in placed:
        _add(made.setdefault(deployment_of(stacks[each.stack]), {}), each)
    for each in placed:
        known = made[deployment_of(stacks[each.stack])]
        for kind, name in sorted(_named(each)):
            if name not in BUILT_IN[kind] and not _known(known, kind, name, each.namespace):
                yield each.stack, each.address, f"{kind} {name} exists in no stack of the deployment"
    yield from _associations(stacks, made)


def _associations(stacks: Mapping[str, Document], made: Mapping[str, Names]) -> Found:
    """An association names a namespace that exists; its service account may come with an EKS add-on."""
    for stack, document in stacks.items():
        known = made.get(deployment_of(document), {})
        for name, association in document.get("resource", {}).get("aws_eks_pod_identity_association", {}).items():
            namespace = association.get("namespace", "")
            if namespace not in BUILT_IN["namespace"] and namespace not in known.get("namespace", set()):
                address = f"aws_eks_pod_identity_association.{name}"
                yield stack, address, f"namespace {namespace} exists in no stack of the deployment"


def _add(known: Names, placed: Placed) -> None:
    for key, kind in _MADE.items():
        for entry in placed.entries(key):
            known.setdefault(kind, set()).add(_scoped(kind, entry, placed.namespace))
    storage = placed.values.get("storage")
    if isinstance(storage, Mapping) and "class" in storage:
        known.setdefault("storage class", set()).add(str(storage["class"]))
    for path, value in placed.leaves:
        if path and names_account(path):
            known.setdefault("service account", set()).add(f"{placed.namespace}/{value}")


def _scoped(kind: str, entry: Mapping[str, Any], namespace: str) -> str:
    name = str(entry["name"])
    return f"{entry.get('namespace', namespace)}/{name}" if kind in ("secret", "service account") else name


def _named(placed: Placed) -> set[tuple[str, str]]:
    found = {("namespace", placed.namespace)}
    for path, value in placed.leaves:
        if not path or not isinstance(value, str) or not value:
            continue
        kind = _REFERENCES.get(path[-1].lower())
        if kind:
            found.add((kind, value))
        elif path[-1] == "namespace" and path[0] == "networkPolicies":
            found.add(("namespace", value))
        elif path[-2:] == ("secretKeyRef", "name"):
            found.add(("secret", value))
    return found


def _known(known: Names, kind: str, name: str, namespace: str) -> bool:
    names = known.get(kind, set())
    return (f"{namespace}/{name}" if kind in ("secret", "service account") else name) in names
