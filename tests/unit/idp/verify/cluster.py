"""A program in kubectl's place, which answers from a few objects. The real one is asked by tests/cluster."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from idp.programs import Printed
from idp.verify.kubectl import Kubectl


@dataclass(kw_only=True)
class Stub:
    """``objects`` by kind as `get` names it, ``releases`` as (namespace, name), ``denied`` answers of reviews.

    ``refuses`` is what a dry run of that kind is told.
    """

    objects: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    releases: Sequence[tuple[str, str]] = ()
    allowed: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    refuses: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    commands: list[list[str]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    def __call__(
        self, command: Sequence[str], given: str = "", environment: Mapping[str, str] | None = None
    ) -> Printed:
        del environment
        self.commands.append(list(command))
        self.given.append(given)
        if self.error:
            return Printed(code=1, err=self.error)
        words = [word for word in command[1:] if not word.startswith("--")]
        if words[:2] == ["get", "secrets"]:
            rows = (
                f"{space}  sh.helm.release.v1.{name}.v1  helm.sh/release.v1  1  3d  {name}"
                for space, name in self.releases
            )
            return Printed(code=0, out="\n".join(rows))
        if words[0] == "get":
            return self._get(words[1])
        manifests = [json.loads(part) for part in given.split("\n---\n")]
        if manifests[0]["kind"] == "SubjectAccessReview":
            return Printed(code=0, out="".join(f"{str(self._may(each)).lower()} " for each in manifests))
        refusal = self.refuses.get(manifests[0]["kind"], "")
        return Printed(code=1, err=refusal) if refusal else Printed(code=0, out="created")

    def _get(self, kinds: str) -> Printed:
        found = [item for kind in kinds.split(",") for item in self.objects.get(kind, ())]
        if not any(kind in self.objects for kind in kinds.split(",")):
            return Printed(code=1, err=f'error: the server doesn\'t have a resource type "{kinds}"')
        return Printed(code=0, out=json.dumps({"items": found}))

    def _may(self, review: Mapping[str, Any]) -> bool:
        asked = review["spec"]["resourceAttributes"]
        key = (asked["namespace"], asked["resource"])
        return self.allowed.get(key, asked["namespace"] == "team-platform" and asked["verb"] == "create")


def kubectl(stub: Stub) -> Kubectl:
    return Kubectl(program="kubectl", options=("--context=test",), run=stub)


def item(kind: str, name: str, namespace: str = "", **rest: Any) -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **rest.pop("metadata", {})}
    return {"kind": kind, "metadata": metadata, **rest}


def ready(status: str = "True") -> dict[str, Any]:
    return {"conditions": [{"type": "Other", "status": "True"}, {"type": "Ready", "status": status}]}
