"""Tests of what the local server has for the account's security services and for backups."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.extension import access_analyzer, backup, config_packs, securityhub
from sandbox.extension.application import Response
from sandbox.extension.store import Store
from tests.unit.sandbox.requests import request

STANDARD = "arn:aws:securityhub:us-west-2::standards/pci-dss/v/4.0.1"


@pytest.fixture(autouse=True)
def stores(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (access_analyzer, backup, config_packs, securityhub):
        monkeypatch.setattr(module, "STORE", Store())


def read(response: Response | None) -> tuple[int, dict[str, Any]]:
    assert response is not None
    return response.status, json.loads(response.body)


def hub(path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    return read(securityhub.route(request("securityhub", "POST", f"/standards/{path}", **body)))


def test_a_standard_is_listed_until_it_is_given_up() -> None:
    _, made = hub("register", StandardsSubscriptionRequests=[{"StandardsArn": STANDARD}])
    arn = made["StandardsSubscriptions"][0]["StandardsSubscriptionArn"]
    assert arn == "arn:aws:securityhub:us-west-2:111122223333:subscription/pci-dss/v/4.0.1"
    assert hub("get", StandardsSubscriptionArns=[arn])[1]["StandardsSubscriptions"][0]["StandardsStatus"] == "READY"
    hub("deregister", StandardsSubscriptionArns=[arn])
    assert hub("get", StandardsSubscriptionArns=[arn])[1] == {"StandardsSubscriptions": []}
    assert hub("deregister", StandardsSubscriptionArns=[arn])[0] == 404


def analyzer(method: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    return read(access_analyzer.route(request("access-analyzer", method, path, **body)))


def test_an_analyzer_is_read_back_and_gone_when_deleted() -> None:
    analyzer("PUT", "/analyzer", analyzerName="a", type="ACCOUNT", tags={"owner": "x"})
    assert analyzer("GET", "/analyzer/a")[1]["analyzer"]["tags"] == {"owner": "x"}
    assert analyzer("PUT", "/analyzer", analyzerName="a", type="ACCOUNT")[0] == 409
    analyzer("DELETE", "/analyzer/a")
    assert analyzer("GET", "/analyzer/a")[0] == 404


def test_tags_of_an_analyzer_are_added_and_told() -> None:
    _, made = analyzer("PUT", "/analyzer", analyzerName="a", type="ACCOUNT")
    path = f"/tags/{made['arn'].replace('/', '%2F')}"
    analyzer("POST", path, tags={"owner": "x"})
    assert analyzer("GET", path)[1] == {"tags": {"owner": "x"}}


def pack(target: str, **body: Any) -> tuple[int, dict[str, Any]]:
    return read(config_packs.route(request("config", target=target, **body)))


def test_a_pack_is_complete_at_once_and_gone_when_deleted() -> None:
    pack("PutConformancePack", ConformancePackName="p", TemplateBody="Resources: {}")
    _, found = pack("DescribeConformancePackStatus", ConformancePackNames=["p"])
    assert found["ConformancePackStatusDetails"][0]["ConformancePackState"] == "CREATE_COMPLETE"
    pack("DeleteConformancePack", ConformancePackName="p")
    assert pack("DescribeConformancePacks", ConformancePackNames=["p"])[0] == 400


def test_other_operations_of_aws_config_are_motos() -> None:
    assert config_packs.route(request("config", target="PutConfigurationRecorder")) is None


def backups(method: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    return read(backup.route(request("backup", method, path, **body)))


def test_a_selection_is_read_back_by_its_plan() -> None:
    _, made = backups("PUT", "/backup/plans/p/selections/", BackupSelection={"SelectionName": "database"})
    path = f"/backup/plans/p/selections/{made['SelectionId']}"
    assert backups("GET", path)[1]["BackupSelection"] == {"SelectionName": "database"}
    backups("DELETE", path)
    assert backups("GET", path)[0] == 400


def test_a_vaults_policy_is_read_back() -> None:
    path = "/backup-vaults/v/access-policy"
    assert backups("GET", path)[0] == 400
    backups("PUT", path, Policy="{}")
    assert backups("GET", path)[1]["Policy"] == "{}"


def test_no_vault_holds_a_recovery_point() -> None:
    assert backups("GET", "/backup-vaults/v/recovery-points")[1] == {"RecoveryPoints": []}


def test_a_detectors_update_changes_the_features_that_it_names() -> None:
    from datetime import UTC, datetime

    from moto.guardduty.models import Detector

    from sandbox.extension import guardduty

    original = Detector.update
    try:
        guardduty.patch()
        detector = Detector("1", "us-west-2", datetime.now(UTC), "", True, {}, {}, [{"name": "A", "status": "ENABLED"}])
        detector.update(None, None, None, [{"name": "B", "status": "ENABLED"}])
        detector.update(None, None, None, [{"name": "A", "status": "DISABLED"}])
    finally:
        Detector.update = original
    assert {feature["name"]: feature["status"] for feature in detector.features} == {"A": "DISABLED", "B": "ENABLED"}


def test_a_trail_is_deleted_by_its_arn() -> None:
    from moto.cloudtrail.models import CloudTrailBackend

    from sandbox.extension import cloudtrail

    original = CloudTrailBackend.delete_trail
    try:
        cloudtrail.patch()
        backend = CloudTrailBackend("us-west-2", "111122223333")
        backend.trails["idp-trail"] = object()
        backend.delete_trail("arn:aws:cloudtrail:us-west-2:111122223333:trail/idp-trail")
    finally:
        CloudTrailBackend.delete_trail = original
    assert backend.trails == {}
