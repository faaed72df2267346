"""The chart of the database bootstrap job, with the values that a deployment gives it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load
from config.versions import MINORS
from constructs_lib.data.database_bootstrap import job_values, values_of_other_stacks
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import Release, RenderError, merged
from tests.kubernetes.schemas import minors

pytestmark = pytest.mark.charts

ROOT = Path(__file__).resolve().parent.parent.parent
MINOR = next(iter(MINORS))
IMAGE = "111122223333.dkr.ecr.us-west-2.amazonaws.com/platform/database-bootstrap@sha256:" + "0" * 64
ELSEWHERE = values_of_other_stacks(
    host="idp-database.cluster-abcdefghijkl.us-west-2.rds.amazonaws.com",
    master_secret_arn="arn:aws:secretsmanager:us-west-2:111122223333:secret:rds!cluster-0000-abcdef",
)


@pytest.fixture(scope="module")
def deployment() -> Deployment:
    return load(ROOT / "cdktf.json")[0]


def release(deployment: Deployment, **changes: Any) -> Release:
    return Release(
        stack="test",
        directory=ROOT / "charts",
        name="database-bootstrap",
        namespace="database-bootstrap",
        chart="./database-bootstrap",
        local=True,
        values=merged(job_values(deployment, image=IMAGE), ELSEWHERE, changes),
    )


def manifest(found: Release, kind: str) -> Mapping[str, Any]:
    return next(each for each in found.manifests(MINOR) if each["kind"] == kind)


def job_name(found: Release) -> str:
    return str(manifest(found, "Job")["metadata"]["name"])


@pytest.mark.parametrize("minor", minors())
def test_manifests_conform(deployment: Deployment, minor: str) -> None:
    assert not kubeconform.problems(release(deployment).render(minor), minor)


def test_the_settings_file_is_one_that_the_job_takes(deployment: Deployment, tmp_path: Path) -> None:
    from database_bootstrap.settings import load as load_settings

    text = manifest(release(deployment), "ConfigMap")["data"]["settings.json"]
    path = tmp_path / "settings.json"
    path.write_text(text)
    found = load_settings(path)
    assert {component.secret for component in found.components} == {"/idp/db/argo-workflows", "/idp/db/backstage"}
    assert json.loads(text)["host"] == ELSEWHERE["settings"]["host"]


@pytest.mark.parametrize("kind", ["Job", "CronJob"])
def test_pods_run_with_the_least(deployment: Deployment, kind: str) -> None:
    spec = manifest(release(deployment), kind)["spec"]
    pod = spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["serviceAccountName"] == "database-bootstrap"
    assert pod["automountServiceAccountToken"] is False
    assert pod["priorityClassName"] == "platform"
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["image"] == IMAGE
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} <= set(container["resources"]["requests"]) & set(container["resources"]["limits"])


def test_the_job_ends_before_helm_gives_up(deployment: Deployment) -> None:
    from constructs_lib.helm.release import DEFAULT_TIMEOUT_SECONDS

    spec = manifest(release(deployment), "Job")["spec"]
    assert spec["activeDeadlineSeconds"] < DEFAULT_TIMEOUT_SECONDS
    assert spec["backoffLimit"] > 0
    assert spec["ttlSecondsAfterFinished"] > 0


def test_wrong_settings_are_not_tried_again(deployment: Deployment) -> None:
    from database_bootstrap.errors import SettingsError

    rules = manifest(release(deployment), "Job")["spec"]["podFailurePolicy"]["rules"]
    failing = next(rule for rule in rules if rule["action"] == "FailJob")
    assert failing["onExitCodes"]["values"] == [SettingsError.exit_code]


def test_other_values_make_another_job(deployment: Deployment) -> None:
    same = job_name(release(deployment))
    assert same == job_name(release(deployment))
    assert same != job_name(release(deployment, settings={"host": "another.example.com"}))
    assert same != job_name(release(deployment, image=IMAGE.replace("0" * 64, "1" * 64)))


def test_job_and_rotation_read_the_settings_of_their_release(deployment: Deployment) -> None:
    found = release(deployment)
    name = manifest(found, "ConfigMap")["metadata"]["name"]
    for spec in (manifest(found, "Job")["spec"], manifest(found, "CronJob")["spec"]["jobTemplate"]["spec"]):
        (volume,) = spec["template"]["spec"]["volumes"]
        assert volume["configMap"]["name"] == name


def test_rotation_can_be_off(deployment: Deployment) -> None:
    found = release(deployment, rotation={"enabled": False}).manifests(MINOR)
    assert "CronJob" not in {each["kind"] for each in found}


def test_rotation_is_more_frequent_than_the_secrets_table_asks(deployment: Deployment) -> None:
    from constructs_lib.data.databases_table import made_by_job

    day_of_month, month = manifest(release(deployment), "CronJob")["spec"]["schedule"].split()[2:4]
    assert (day_of_month, month) == ("1", "*/2")
    longest = 31 + 31  # July and August
    assert all(secret.rotation_days > longest for secret in made_by_job(deployment))


def test_pods_reach_what_they_need_and_nothing_else(deployment: Deployment) -> None:
    spec = manifest(release(deployment), "NetworkPolicy")["spec"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in spec
    reached = {
        (port["port"], json.dumps(rule["to"], sort_keys=True)) for rule in spec["egress"] for port in rule["ports"]
    }
    assert {port for port, _ in reached} == {80, 443, 5432}
    assert (80, json.dumps([{"ipBlock": {"cidr": "169.254.170.23/32"}}])) in reached
    assert "0.0.0.0/0" not in json.dumps(spec), "the production VPC has an endpoint for Secrets Manager"


def test_the_policy_selects_the_pods(deployment: Deployment) -> None:
    found = release(deployment)
    selector = manifest(found, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"]
    for spec in (manifest(found, "Job")["spec"], manifest(found, "CronJob")["spec"]["jobTemplate"]["spec"]):
        assert selector.items() <= spec["template"]["metadata"]["labels"].items()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"image": "platform/database-bootstrap:latest"}, "image"),
        ({"settings": {"host": ""}}, "host"),
        ({"settings": {"hots": "x"}}, "hots"),
        ({"settings": {"masterSecret": "rds"}}, "masterSecret"),
        ({"networkPolicy": {"egress": []}}, "egress"),
        ({"unknown": 1}, "unknown"),
    ],
    ids=["no-digest", "no-host", "misspelt", "no-arn", "closed", "unknown"],
)
def test_a_wrong_value_is_refused(deployment: Deployment, change: dict[str, Any], said: str) -> None:
    with pytest.raises(RenderError, match=said):
        release(deployment, **change).render(MINOR)
