"""Custom resource definitions for the test cluster, made from the offline schemas.

A schema file says everything but the names: ``<group>/<kind in lower case>_<version>.json``. What the API server's
structural schemas don't allow is taken out or said otherwise (Kubernetes documentation, "Extend the Kubernetes API with
CustomResourceDefinitions", specifying a structural schema).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.kinds import CLUSTER_SCOPED, kind_named, plural
from tests.kubernetes.schemas import OURS, schemas

_OPEN = "x-kubernetes-preserve-unknown-fields"
_INT_OR_STRING = "x-kubernetes-int-or-string"
# Groups of Kubernetes' own projects are protected: a definition of theirs names its approval.
_APPROVAL = {"api-approved.kubernetes.io": "https://github.com/kubernetes-csi/external-snapshotter/pull/814"}


@dataclass(frozen=True)
class Custom:
    """A custom resource of the offline schemas."""

    group: str
    kind: str
    version: str
    schema: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of its definition: "nodepools.karpenter.sh"."""
        return f"{plural(self.kind)}.{self.group}"

    def definition(self) -> dict[str, Any]:
        """Its CustomResourceDefinition, with a status subresource where its schema has a status."""
        version: dict[str, Any] = {
            "name": self.version,
            "served": True,
            "storage": True,
            "schema": {"openAPIV3Schema": structural_root(self.schema)},
        }
        if "status" in self.schema.get("properties", {}):
            version["subresources"] = {"status": {}}
        protected = self.group.endswith((".k8s.io", ".kubernetes.io"))
        return {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": self.name, "annotations": _APPROVAL if protected else {}},
            "spec": {
                "group": self.group,
                "scope": "Cluster" if self.kind in CLUSTER_SCOPED.get(self.group, ()) else "Namespaced",
                "names": {"kind": self.kind, "plural": plural(self.kind), "singular": self.kind.lower()},
                "versions": [version],
            },
        }


def groups() -> list[str]:
    """All groups of the offline schemas, each once: a group may have kinds in both places."""
    return sorted({path.name for place in _places() for path in place.iterdir()})


def custom_resources(wanted: Iterable[str]) -> list[Custom]:
    """Those ``wanted``: a whole group, or one of its kinds ("argoproj.io/Rollout"). Skips the test without schemas.

    Of a kind that both places have, ours.
    """
    found: dict[tuple[str, str], Custom] = {}
    for each in wanted:
        group, _, kind = each.partition("/")
        files = f"{group}/{kind.lower() or '*'}_*.json"
        for path in (path for place in _places() for path in sorted(place.glob(files))):
            name, _, version = path.stem.rpartition("_")
            schema = json.loads(path.read_text(encoding="utf-8"))
            found.setdefault((group, path.name), Custom(group, kind_named(group, name), version, schema))
    return list(found.values())


def _places() -> tuple[Path, Path]:
    return OURS, schemas("crds")


def install(cluster: Cluster, wanted: Iterable[str]) -> None:
    """Install those ``wanted`` (see ``custom_resources``) that aren't there, and wait until they are served."""
    there = set(cluster.names("customresourcedefinitions"))
    missing = [each for each in custom_resources(wanted) if each.name not in there]
    if not missing:
        return
    cluster.create(*(each.definition() for each in missing))
    names = [f"customresourcedefinition/{each.name}" for each in missing]
    cluster.until(lambda: _established(cluster, names), "definitions that are served", patience=120)


def _established(cluster: Cluster, names: Sequence[str]) -> bool:
    """Wait until they are served. Whether the wait has ended: kubectl gives up on one that has no conditions yet."""
    try:
        cluster.kubectl("wait", "--for=condition=Established", "--timeout=120s", *names)
    except Refused as error:
        if "conditions accessor error" not in str(error):
            raise
        return False
    return True


def structural_root(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The structural schema of a whole object: its metadata is the API server's own affair."""
    made = structural(schema)
    made["properties"] = made.get("properties", {}) | {"metadata": {"type": "object"}}
    return made


def structural(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema as a structural one: unknown fields are refused unless it is open, and then kept."""
    made = {key: _part(key, value) for key, value in schema.items() if key not in ("$schema", "example")}
    closed = made.get("additionalProperties") is False
    if closed:
        # A structural schema refuses what it doesn't name; the keyword itself isn't allowed beside properties.
        del made["additionalProperties"]
    if "properties" in made or "additionalProperties" in made:
        made["type"] = "object"
    elif not closed and made.get("type", "object") == "object" and not made.get(_INT_OR_STRING):
        made[_OPEN] = True
    return made


def _part(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: structural(each) for name, each in value.items()}
    if key in ("items", "additionalProperties") and isinstance(value, Mapping):
        return structural(value)
    # Under anyOf, oneOf, allOf and not, structural schemas restrict values only, as these do.
    return value
