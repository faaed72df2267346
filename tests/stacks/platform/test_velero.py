"""platform-velero: backups to the deployment's bucket by the pod's role, volumes as snapshots, nothing fetched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-velero"


@pytest.fixture(scope="module")
def chart(everything: Synth) -> dict[str, Any]:
    return dict(release(everything, STACK, "velero").values)


@pytest.fixture(scope="module")
def snapshot_class(everything: Synth) -> dict[str, Any]:
    (found,) = release(everything, STACK, "velero-snapshots").manifests("1.34")
    return dict(found)


def test_it_is_off_as_shipped(shipped: Synth) -> None:
    assert STACK not in {stack.name for stack in shipped.stacks()}


def test_its_pod_has_the_role_before_it_is_made(everything: Synth, chart: dict[str, Any]) -> None:
    stack = everything.stack(STACK)
    association = stack.resource("aws_eks_pod_identity_association.velero")
    assert association["service_account"] == chart["serviceAccount"]["server"]["name"]
    assert association["role_arn"].endswith('outputs.workload_role_arns["velero-sa"]}')
    assert "aws_eks_pod_identity_association.velero" in stack.resource("helm_release.velero_base")["depends_on"]
    assert chart["credentials"] == {"useSecret": False}


@pytest.mark.proves("12.10.1")
def test_backups_go_to_the_deployments_own_bucket(everything: Synth, chart: dict[str, Any]) -> None:
    (location,) = chart["configuration"]["backupStorageLocation"]
    bucket = everything.stack("idp-foundation-data").resource("aws_s3_bucket.backups")["bucket"]
    assert (location["provider"], location["bucket"], location["default"]) == ("aws", bucket, True)
    assert location["config"] == {"region": "us-west-2"}


def test_its_role_reaches_the_bucket_and_nothing_of_ec2(everything: Synth) -> None:
    iam = everything.stack("idp-foundation-iam")
    actions = {action for each in iam.statements("velero_sa") for action in each["actions"]}
    assert "s3:PutObject" in actions
    assert {action.partition(":")[0] for action in actions} == {"s3"}


def test_schedules_take_the_class_that_the_stack_makes(chart: dict[str, Any], snapshot_class: dict[str, Any]) -> None:
    key = f"velero.io/csi-volumesnapshot-class_{snapshot_class['driver']}"
    assert {name: each["annotations"][key] for name, each in chart["schedules"].items()} == dict.fromkeys(
        ("hourly", "daily", "weekly"), snapshot_class["metadata"]["name"]
    )
    assert snapshot_class["metadata"]["labels"]["velero.io/csi-volumesnapshot-class"] == "true"
    assert chart["configuration"]["features"] == "EnableCSI"


def test_snapshots_outlive_the_namespace_of_their_volume(snapshot_class: dict[str, Any]) -> None:
    assert snapshot_class["deletionPolicy"] == "Retain"


def test_schedules_name_the_location_that_there_is(chart: dict[str, Any]) -> None:
    locations = {each["name"] for each in chart["configuration"]["backupStorageLocation"]}
    assert {each["template"]["storageLocation"] for each in chart["schedules"].values()} == locations


def test_no_pod_of_it_has_the_nodes_own_rights(everything: Synth, chart: dict[str, Any]) -> None:
    assert chart["deployNodeAgent"] is False
    namespaces = everything.values("idp-cluster-addons", "cluster-base")["namespaces"]
    assert {"name": "velero", "podSecurity": "restricted"} in namespaces
    pod, containers = chart["podSecurityContext"], [chart, *chart["initContainers"]]
    assert pod["runAsNonRoot"] is True and pod["runAsUser"] > 0
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers:
        context = container.get("containerSecurityContext") or container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}


def test_no_job_runs_around_a_release(chart: dict[str, Any]) -> None:
    # Each would pull an image of kubectl that the values don't name.
    assert (chart["upgradeCRDs"], chart["cleanUpCRDs"]) == (False, False)
    assert "labels" not in chart.get("namespace", {})
    assert "kubectl" not in json.dumps(chart)


def test_a_backup_under_way_does_not_hold_up_an_upgrade(everything: Synth, chart: dict[str, Any]) -> None:
    timeout = everything.stack(STACK).resource("helm_release.velero")["timeout"]
    assert chart["terminationGracePeriodSeconds"] < timeout
