"""Rung 5's fixture: one real control plane for a whole test run.

`make cluster` runs in one process. Under pytest-xdist each worker has a control plane of its own: nodes belong to no
namespace, so tests that place pods can't share one.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.kubernetes import credentials
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.control_plane import control_plane
from tools import build as tools

ROOT = Path(__file__).resolve().parent.parent.parent
# Logs stay here after the run, the last one of each worker.
CACHE = ROOT / ".cache" / "cluster"
# Seconds that a run waits for another one in the same checkout.
PATIENCE = 600
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "helm")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running cluster."""
    for name in PROGRAMS:
        tools.program(name)
    directory = CACHE / os.environ.get("PYTEST_XDIST_WORKER", "main")
    CACHE.mkdir(parents=True, exist_ok=True)
    # A second run in the same checkout waits: the directory belongs to one cluster at a time.
    with FileLock(f"{directory}.lock", timeout=PATIENCE):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        with control_plane(directory) as plane:
            kubeconfig = plane.credentials.kubeconfig(credentials.ADMIN, plane.server)
            yield Cluster(kubeconfig=kubeconfig, cache=directory / "kubectl")
        for part in ("etcd", "keys", "kubectl"):
            shutil.rmtree(directory / part, ignore_errors=True)


@pytest.fixture
def fresh_namespace(cluster: Cluster) -> Iterator[str]:
    """A namespace for one test. Its deletion, which takes Kubernetes five seconds, isn't waited for."""
    name = f"test-{secrets.token_hex(4)}"
    cluster.make_namespace(name)
    yield name
    cluster.delete("namespace", name, wait=False)
