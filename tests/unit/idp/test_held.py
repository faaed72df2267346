"""What a team still holds, asked of the local AWS server; and the page's commands for AWS by the real AWS CLI."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from config.deployment import Deployment
from idp.errors import OperationError
from idp.held import Holdings
from sandbox import process
from sandbox.environment import endpoint, environment
from tests import onboarding
from tests.teams import ALPHA

BUCKET = "idp-artifacts-example-org-111122223333-us-west-2"
SECRET = "/idp/team/alpha/database"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    directory = tmp_path_factory.mktemp("server")
    yield process.start(directory).port
    process.stop(directory)


@pytest.fixture
def client(port: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Clients of an empty server; commands go there too, by the environment of this process."""
    given = environment(port, os.environ)
    for name in os.environ.keys() - given.keys():
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    # No proxy: the environment's is the server itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(f"{endpoint(port)}/moto-api/reset", data=b"").close()

    def build(service: str) -> Any:
        return boto3.client(
            service,
            region_name="us-west-2",
            endpoint_url=given["AWS_ENDPOINT_URL"],
            aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key="sandbox",
        )

    return build


@pytest.fixture
def alpha(deployment_with: Callable[..., Deployment]) -> Holdings:
    deployment = deployment_with({"deployment:teams": [ALPHA]})
    return Holdings(deployment=deployment, team=deployment.teams[0])


def made(client: Callable[[str], Any]) -> None:
    """What the team's stack makes, empty."""
    client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for repository in ("team/alpha/web", "team/alpha/charts/web"):
        client("ecr").create_repository(repositoryName=repository)
    client("secretsmanager").create_secret(Name=SECRET)


def push(client: Callable[[str], Any], repository: str, tag: str) -> None:
    config = json.dumps({"tag": tag})
    media = "application/vnd.oci.image.{}.v1+json"
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": media.format("manifest"),
            "config": {"mediaType": media.format("config"), "digest": sha256(config), "size": len(config)},
            "layers": [],
        }
    )
    client("ecr").put_image(
        repositoryName=repository, imageManifest=manifest, imageTag=tag, imageDigest=sha256(manifest)
    )


def sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@pytest.mark.usefixtures("client")
def test_what_was_never_made_holds_nothing(alpha: Holdings) -> None:
    assert alpha.aws() == []


def test_what_is_empty_holds_nothing(client: Callable[[str], Any], alpha: Holdings) -> None:
    made(client)
    client("s3").put_object(Bucket=BUCKET, Key="team-alphabet/log", Body=b"another team's")
    assert alpha.aws() == []


def test_images_values_and_artifacts_are_found(client: Callable[[str], Any], alpha: Holdings) -> None:
    made(client)
    for tag in ("1.0.0", "1.0.1"):
        push(client, "team/alpha/web", tag)
    client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString="{}")
    client("s3").put_object(Bucket=BUCKET, Key="team-alpha/run/log", Body=b"x")
    assert alpha.aws() == [
        "2 images in team/alpha/web",
        f"a value of secret {SECRET}",
        f"artifacts below team-alpha/ of {BUCKET}",
    ]


def test_artifacts_of_the_team_go_and_nobody_else_s(
    client: Callable[[str], Any], alpha: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("idp.held.DELETED_AT_ONCE", 1)
    made(client)
    for key in ("team-alpha/a", "team-alpha/b/c", "team-alphabet/log"):
        client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"x")
    alpha.delete_artifacts()
    assert [each["Key"] for each in client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]] == ["team-alphabet/log"]
    alpha.delete_artifacts()


@pytest.mark.usefixtures("client")
def test_another_account_isn_t_taken_for_an_empty_one(alpha: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SANDBOX0444455556666")
    with pytest.raises(OperationError, match="credentials are of account 444455556666, the deployment is in 1111"):
        alpha.aws()


@pytest.mark.usefixtures("client")
def test_a_question_that_fails_is_no_answer(alpha: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(OperationError, match="can't tell what team alpha still holds"):
        alpha.aws()
    with pytest.raises(OperationError, match=f"its artifacts below team-alpha/ of {BUCKET} aren't"):
        alpha.delete_artifacts()


def aws(directory: Path, line: str) -> str:
    finished = subprocess.run(shlex.split(line), cwd=directory, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.mark.skipif(shutil.which("aws") is None, reason="the AWS CLI isn't on PATH: the page's commands can't run")
def test_the_page_s_commands_of_aws_do_what_it_says(
    client: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(client)
    client("eks").create_cluster(
        name="idp-platform",
        roleArn="arn:aws:iam::111122223333:role/idp-cluster",
        resourcesVpcConfig={"subnetIds": _subnets(client)},
    )
    kubeconfig = tmp_path / "kubeconfig"
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    (tmp_path / "value.json").write_text('{"password": "x"}')
    login, write = (line for line in onboarding.commands() if line.startswith("aws "))

    assert "idp-platform" in aws(tmp_path, login)
    written = yaml.safe_load(kubeconfig.read_text())
    # What `idp team remove` names by default.
    assert [each["name"] for each in written["contexts"]] == ["arn:aws:eks:us-west-2:111122223333:cluster/idp-platform"]
    assert (
        "arn:aws:iam::111122223333:role/idp/teams/idp-team-alpha-developer"
        in written["users"][0]["user"]["exec"]["args"]
    )

    aws(tmp_path, write)
    assert client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"] == '{"password": "x"}'


def _subnets(client: Callable[[str], Any]) -> list[str]:
    return [subnet["SubnetId"] for subnet in client("ec2").describe_subnets()["Subnets"][:2]]
