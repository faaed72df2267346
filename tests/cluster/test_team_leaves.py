"""``idp team remove`` asks the real API server, and the local AWS server, what would be lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from typer.testing import CliRunner

from idp.cli import app
from idp.errors import OperationError
from sandbox import process
from sandbox.environment import environment
from tests import onboarding
from tests.config_copy import copied
from tests.kubernetes.cluster import Cluster
from tools import build as tools

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        shutil.which("aws") is None, reason="the AWS CLI isn't on PATH: what a team holds in AWS can't be asked for"
    ),
]

ROOT = Path(__file__).resolve().parent.parent.parent
NAMESPACE = "team-alpha"
SECRET = "/idp/team/alpha/database"


def volume(name: str) -> dict[str, object]:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


@pytest.fixture
def config(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """A deployment file with team alpha, as the page adds it and with a secret; kubectl and AWS are the test's."""
    server = process.start(tmp_path / "server")
    request.addfinalizer(lambda: process.stop(tmp_path / "server"))
    given = environment(server.port, os.environ) | {"KUBECONFIG": str(cluster.kubeconfig)}
    # The API server isn't reached by way of the proxy.
    given["NO_PROXY"] = "127.0.0.1"
    given["PATH"] = f"{tools.program('kubectl').parent}{os.pathsep}{given['PATH']}"
    for name in os.environ.keys() - given.keys():
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    path = copied(tmp_path)
    added = [*onboarding.idp("team", "add"), "--secret", "database", "--config", str(path)]
    assert CliRunner().invoke(app, added).exit_code == 0
    if NAMESPACE not in cluster.names("namespaces"):
        cluster.make_namespace(NAMESPACE)
    yield path
    cluster.kubectl("delete", "persistentvolumeclaims", "--all", "--wait=false", f"-n={NAMESPACE}")


def remove(config: Path, *further: str) -> None:
    """The page's way out. Raises what the command raised."""
    arguments = [*onboarding.idp("team", "remove"), "--context", "test", "--config", str(config), *further]
    finished = CliRunner().invoke(app, arguments)
    if finished.exception and not isinstance(finished.exception, SystemExit):
        raise finished.exception
    assert finished.exit_code == 0, finished.output


def test_volumes_and_values_hold_a_team_back(cluster: Cluster, config: Path) -> None:
    before = config.read_bytes()
    cluster.create(volume("data-web-0"), volume("data-web-1"), namespace=NAMESPACE)
    secrets = boto3.client(
        "secretsmanager",
        region_name="us-west-2",
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key="sandbox",
    )
    secrets.create_secret(Name=SECRET, SecretString="{}")
    with pytest.raises(OperationError) as refusal:
        remove(config)
    assert str(refusal.value) == (
        f"team alpha still holds data: volume data-web-0, volume data-web-1, a value of secret {SECRET}\n"
        "Next: nothing was changed; save it, or add --yes-delete alpha to delete it"
    )
    assert config.read_bytes() == before
    assert cluster.names("persistentvolumeclaims", NAMESPACE) == ["data-web-0", "data-web-1"]


@pytest.mark.parametrize("confirmation", ["", "beta"])
def test_only_the_team_s_own_name_confirms(cluster: Cluster, config: Path, confirmation: str) -> None:
    cluster.create(volume("data-web-0"), namespace=NAMESPACE)
    with pytest.raises(OperationError, match="team alpha still holds data: volume data-web-0"):
        remove(config, "--yes-delete", confirmation)


@pytest.mark.parametrize("further", [(), ("--yes-delete", "alpha")])
def test_whoever_holds_nothing_or_confirms_is_let_go(config: Path, further: tuple[str, ...], tmp_path: Path) -> None:
    # It comes as far as the output, in which nothing is here.
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text('{"stacks": {}}')
    with pytest.raises(OperationError, match="out holds no deployment 'idp'"):
        remove(config, "--out", str(tmp_path / "out"), "--engine", "/bin/false", *further)
