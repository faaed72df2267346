"""What tests ask of a running control plane, through the real kubectl and helm."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import build as tools

Manifest = Mapping[str, Any]

# Of a machine that runs other rungs beside this one.
PATIENCE = 60.0
_NO_OUTPUT = "-o=name"


class Refused(Exception):
    """The API server, or the client for it, refused a request; the message is what it said."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster by its kubeconfig. ``cache`` is where kubectl keeps what it learned of the API."""

    kubeconfig: Path
    cache: Path

    def kubectl(self, *arguments: str, given: str = "") -> str:
        """Standard output of a kubectl command with ``given`` as its input. Raises Refused when it fails."""
        return _output(self._run([*self._kubectl, *arguments], given))

    def helm(self, *arguments: str, given: str = "") -> str:
        """Standard output of a helm command with ``given`` as its input. Raises Refused when it fails.

        Helm lets the API server drop fields that it doesn't know, and only warns: that counts as a failure here.
        """
        finished = self._run([str(tools.program("helm")), *arguments], given)
        if "Warning: unknown field" in finished.stderr:
            raise Refused(finished.stderr)
        return _output(finished)

    def get(self, kind: str, name: str, namespace: str | None = None) -> dict[str, Any]:
        """One object. Raises Refused where there is none."""
        found: dict[str, Any] = json.loads(self.kubectl("get", kind, name, "-o=json", *_in(namespace)))
        return found

    def items(self, kind: str, namespace: str | None = None, selector: str = "") -> list[dict[str, Any]]:
        """All objects of a kind, of every namespace when none is given."""
        where = _in(namespace) or ["--all-namespaces"]
        chosen = [f"--selector={selector}"] if selector else []
        found: list[dict[str, Any]] = json.loads(self.kubectl("get", kind, *where, *chosen, "-o=json"))["items"]
        return found

    def names(self, kind: str, namespace: str | None = None) -> list[str]:
        """Names of all objects of a kind."""
        printed = self.kubectl("get", kind, _NO_OUTPUT, *(_in(namespace) or ["--all-namespaces"]))
        return [line.partition("/")[2] for line in printed.splitlines()]

    def apply(self, *manifests: Manifest, namespace: str | None = None) -> None:
        """Create or change objects. Unknown fields are refused, as are all that the API server refuses."""
        arguments = [
            "apply",
            "--server-side",
            "--force-conflicts",
            "--validate=strict",
            _NO_OUTPUT,
            *_in(namespace),
            "-f",
            "-",
        ]
        self.kubectl(*arguments, given=_documents(manifests))

    def create(self, *manifests: Manifest, namespace: str | None = None) -> None:
        """Create objects, with the status they bring where Kubernetes keeps it (nodes)."""
        self.kubectl("create", "--validate=strict", _NO_OUTPUT, *_in(namespace), "-f", "-", given=_documents(manifests))

    def try_out(self, *manifests: Manifest, namespace: str | None = None) -> None:
        """Put objects through validation and admission without keeping them. Raises Refused."""
        arguments = ["create", "--dry-run=server", "--validate=strict", _NO_OUTPUT, *_in(namespace), "-f", "-"]
        self.kubectl(*arguments, given=_documents(manifests))

    def try_apply(self, *manifests: Manifest, namespace: str | None = None) -> None:
        """The same for objects that may be there already. Raises Refused."""
        arguments = ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", _NO_OUTPUT]
        self.kubectl(*arguments, *_in(namespace), "-f", "-", given=_documents(manifests))

    def can_i(self, user: str, groups: Iterable[str], verb: str, resource: str, namespace: str | None = None) -> bool:
        """Whether RBAC lets ``user`` of ``groups`` do ``verb`` on ``resource`` ("pods", "pods/exec", "nodes")."""
        who = [f"--as={user}", *(f"--as-group={group}" for group in (*groups, "system:authenticated"))]
        base, _, subresource = resource.partition("/")
        part = [f"--subresource={subresource}"] if subresource else []
        where = _in(namespace) or ["--all-namespaces"]
        finished = self._run([*self._kubectl, "auth", "can-i", verb, base, *part, *who, *where])
        answer = finished.stdout.split()[:1]
        # kubectl exits with 1 both for "no" and for a question it can't put.
        if answer not in (["yes"], ["no"]):
            raise Refused(finished.stderr + finished.stdout)
        return answer == ["yes"]

    def make_namespace(self, name: str, labels: Mapping[str, str] | None = None) -> None:
        """A namespace that is ready for pods: its default service account is there."""
        metadata = {"name": name, "labels": dict(labels or {})}
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        self.until(lambda: _found(self, "serviceaccount", "default", name), f"service account of namespace {name}")

    def delete(self, kind: str, *names: str, namespace: str | None = None, wait: bool = True) -> None:
        """Delete objects at once; pods go without a kubelet's word."""
        force = ["--grace-period=0", "--force"] if kind in ("pod", "pods") else []
        waiting = [f"--wait={str(wait).lower()}", f"--timeout={PATIENCE:.0f}s"]
        self.kubectl("delete", kind, *names, "--ignore-not-found", *force, *waiting, *_in(namespace))

    def until(self, holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until ``holds``. Raises AssertionError with ``what`` was waited for."""
        deadline = time.monotonic() + patience
        while not holds():
            assert time.monotonic() < deadline, f"after {patience:.0f} s: no {what}"
            time.sleep(0.2)

    @property
    def _kubectl(self) -> list[str]:
        return [str(tools.program("kubectl")), f"--cache-dir={self.cache}"]

    def _run(self, command: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "KUBECONFIG": str(self.kubeconfig), "HELM_CACHE_HOME": str(self.cache / "helm")}
        return subprocess.run(
            command, input=given, env=environment, capture_output=True, text=True, check=False, timeout=120
        )


def _output(finished: subprocess.CompletedProcess[str]) -> str:
    if finished.returncode:
        raise Refused(finished.stderr + finished.stdout)
    return finished.stdout


def _found(cluster: Cluster, kind: str, name: str, namespace: str) -> bool:
    return bool(cluster.kubectl("get", kind, name, "--ignore-not-found", _NO_OUTPUT, *_in(namespace)))


def _in(namespace: str | None) -> list[str]:
    return [f"--namespace={namespace}"] if namespace else []


def _documents(manifests: Sequence[Manifest]) -> str:
    # Not as a List: for that kubectl checks fields itself, by a description of the API that takes long to load.
    return "\n---\n".join(json.dumps(each) for each in manifests)
