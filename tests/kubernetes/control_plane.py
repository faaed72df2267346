"""Start etcd, kube-apiserver, kube-controller-manager and kube-scheduler on loopback, and end them again.

No kubelet runs: pods get a node but never start. Nodes are objects that the tests make (``tests/kubernetes/nodes.py``),
so nothing reports their health: the controller that would call them lost, and the admission plugin that taints each new
node until that controller has seen it, are off.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.kubernetes import credentials
from tests.kubernetes.credentials import Credentials
from tools import build as tools

LOOPBACK = "127.0.0.1"
# The service range of the shipped deployments: policies name the API server by its first address.
SERVICE_CIDR = "172.20.0.0/16"
READY_WITHIN = 90.0
STOP_WITHIN = 10.0


class ControlPlaneError(Exception):
    """The control plane did not become ready; the message has the end of the log of the part at fault."""


@dataclass(kw_only=True)
class ControlPlane:
    """The four processes; logs and data lie under ``directory``."""

    directory: Path
    credentials: Credentials
    server: str
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def run(self, name: str, *arguments: str) -> None:
        log = (self.directory / f"{name}.log").open("wb")
        command = [str(tools.program(name)), *arguments]
        # These run for long and hold much: they collect their garbage as they would elsewhere.
        environment = {key: value for key, value in os.environ.items() if key != "GOGC"}
        self.processes[name] = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, preexec_fn=_end_with_parent
        )
        log.close()

    def stop(self) -> None:
        """End our own processes by their id, those started last first."""
        for process in reversed(self.processes.values()):
            process.terminate()
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait_until_ready(self) -> None:
        """Wait for the API server. Raises ControlPlaneError when it or a part ends, or time is up."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise ControlPlaneError(f"{name} ended with {process.returncode}:\n{self._log_end(name)}")
            if _answers(f"{self.server}/readyz", self.credentials):
                return
            time.sleep(0.1)
        raise ControlPlaneError(f"not ready after {READY_WITHIN:.0f} s:\n{self._log_end('kube-apiserver')}")

    def _log_end(self, name: str) -> str:
        lines = (self.directory / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-15:])


@contextlib.contextmanager
def control_plane(directory: Path) -> Iterator[ControlPlane]:
    """A running control plane with its data, keys and logs in ``directory``; ended on exit, also after a failure."""
    etcd, peer, api = free_ports(3)
    issued = credentials.issue(directory / "keys")
    plane = ControlPlane(directory=directory, credentials=issued, server=f"https://{LOOPBACK}:{api}")
    try:
        plane.run("etcd", *_etcd(directory, etcd, peer))
        plane.run("kube-apiserver", *_apiserver(issued, etcd, api))
        plane.wait_until_ready()
        plane.run("kube-controller-manager", *_controller_manager(issued, plane.server))
        plane.run("kube-scheduler", *_scheduler(issued, plane.server))
        plane.wait_until_ready()
        yield plane
    finally:
        plane.stop()


def free_ports(count: int) -> Sequence[int]:
    """Loopback ports that nobody uses now, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]


def _etcd(directory: Path, port: int, peer: int) -> list[str]:
    client, peers = f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{peer}"
    return [
        f"--data-dir={directory / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        # The data needn't outlive the test: waiting for the disk makes every write ten times as slow.
        "--unsafe-no-fsync",
    ]


def _apiserver(issued: Credentials, etcd: int, port: int) -> list[str]:
    return [
        f"--etcd-servers=http://{LOOPBACK}:{etcd}",
        f"--bind-address={LOOPBACK}",
        f"--advertise-address={LOOPBACK}",
        # A loopback address can't be an endpoint of the `kubernetes` Service; nobody uses that Service here.
        "--endpoint-reconciler-type=none",
        f"--secure-port={port}",
        f"--cert-dir={issued.directory}",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        "--authorization-mode=RBAC",
        f"--token-auth-file={issued.token_file}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={issued.service_account_key}",
        f"--service-account-signing-key-file={issued.service_account_key}",
        "--disable-admission-plugins=TaintNodesByCondition",
        # As on EKS: without it validation refuses privileged pods before Pod Security admission sees them.
        "--allow-privileged=true",
        "--profiling=false",
    ]


def _controller_manager(issued: Credentials, server: str) -> list[str]:
    return [
        f"--kubeconfig={issued.kubeconfig(credentials.CONTROLLERS, server)}",
        "--controllers=*,-node-lifecycle-controller",
        f"--service-account-private-key-file={issued.service_account_key}",
        f"--root-ca-file={issued.certificate}",
        "--leader-elect=false",
        "--secure-port=0",
        "--profiling=false",
        # The shipped deployments have many namespaces; the default of 20 requests a second makes tests wait.
        "--kube-api-qps=200",
        "--kube-api-burst=400",
    ]


def _scheduler(issued: Credentials, server: str) -> list[str]:
    return [
        f"--kubeconfig={issued.kubeconfig(credentials.SCHEDULER, server)}",
        "--leader-elect=false",
        "--secure-port=0",
        "--profiling=false",
    ]


def _answers(url: str, issued: Credentials) -> bool:
    if not issued.certificate.exists():
        return False
    try:
        trust = ssl.create_default_context(cafile=str(issued.certificate))
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {issued.tokens[credentials.ADMIN]}"})
        with urllib.request.urlopen(request, timeout=2, context=trust) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _end_with_parent() -> None:
    """In the child: be told to end when the test run is killed and can't do it (prctl(2), PR_SET_PDEATHSIG is 1)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
