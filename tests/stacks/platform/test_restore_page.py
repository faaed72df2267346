"""docs/RESTORE.md: what its commands name is what the stacks make, and each says what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from constructs_lib.components.catalog.velero import SCHEDULES
from tests.kubernetes import kubeconform
from tests.kubernetes.releases import release
from tests.kubernetes.schemas import minors
from tests.synth import Synth

PAGE = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "RESTORE.md"
NEEDS = {"kubectl": "cluster", "aws": "aws", "tofu": "engine", "python": "engine"}
DATA = "idp-foundation-data"


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, str]]:
    """(tag in force, command): a tag holds until the next one."""
    tag = ""
    inside = False
    for line in text().partition("## What is kept")[2].splitlines():
        inside ^= line.strip().startswith("```")
        tags = re.findall(r"`\[([a-z]+)\]`", line)
        tag = tags[-1] if tags else tag
        word = line.strip().partition(" ")[0]
        if inside and word in NEEDS:
            yield tag, line.strip()


def of(word: str) -> list[str]:
    return [command for _, command in commands() if command.startswith(f"{word} ")]


def test_every_command_is_under_the_tag_of_what_it_needs() -> None:
    found = list(commands())
    assert len(found) > 20
    assert [command for tag, command in found if NEEDS[command.partition(" ")[0]] != tag] == []


def test_the_table_lists_each_schedule_and_how_long_it_is_kept() -> None:
    listed = re.findall(r"schedule `(\w+)` \|.*\| (\d+) days \|", text())
    assert {name: int(days) * 24 for name, days in listed} == {name: s.hours for name, s in SCHEDULES.items()}
    rows = {name: line for line in text().splitlines() for name in SCHEDULES if f"schedule `{name}`" in line}
    for name in ("daily", "weekly"):
        minute, hour = SCHEDULES[name].cron.split()[:2]
        assert f"{int(hour):02}:{int(minute):02} UTC" in rows[name]


def test_velero_is_run_where_the_chart_puts_it(everything: Synth) -> None:
    chart = release(everything, "idp-platform-velero", "velero")
    runs = [command for command in of("kubectl") if "/velero " in command]
    assert runs
    for command in runs:
        # The Deployment has the release's name, its container the chart's.
        assert f"kubectl -n {chart.namespace} exec deploy/{chart.name} -c {chart.chart} -- /velero " in command
    (location,) = chart.values["configuration"]["backupStorageLocation"]
    assert all(
        f"backupstoragelocation {location['name']}" in each for each in of("kubectl") if "storagelocation" in each
    )


def test_backups_are_named_after_schedules() -> None:
    named = set(re.findall(r"velero-(\w+)-\d{14}", text()))
    assert named and named <= SCHEDULES.keys()


def test_the_database_is_the_deployments_own(everything: Synth) -> None:
    data = everything.stack(DATA)
    cluster = data.resource("aws_rds_cluster.database")
    instance = data.resource("aws_rds_cluster_instance.database_1")
    subnets = data.resource("aws_db_subnet_group.database")
    restored = next(command for command in of("aws") if "restore-db-cluster-to-point-in-time" in command)
    assert f"--source-db-cluster-identifier {cluster['cluster_identifier']} " in restored
    assert f"--db-subnet-group-name {subnets['name']} " in restored
    imported = {tuple(command.split()[2:]) for command in of("tofu") if "import" in command}
    assert imported == {
        ("aws_rds_cluster.database", cluster["cluster_identifier"]),
        ("aws_rds_cluster_instance.database_1", instance["identifier"]),
    }


def test_passwords_are_written_anew_by_the_job_that_there_is(everything: Synth) -> None:
    chart = release(everything, "idp-platform-database-bootstrap", "database-bootstrap")
    rotation = next(each for each in chart.manifests("1.34") if each["kind"] == "CronJob")
    expected = f"kubectl -n {chart.namespace} create job --from=cronjob/{rotation['metadata']['name']} restored"
    assert expected in of("kubectl")


@pytest.mark.charts
def test_the_drill_s_objects_conform(everything: Synth) -> None:
    found = re.search(r"<<'YAML'\n(.*?)\nYAML", text(), re.S)
    assert found
    manifests = found.group(1)
    claim, pod = yaml.safe_load_all(manifests)
    assert (
        claim["spec"]["storageClassName"] == everything.values("idp-cluster-addons", "cluster-base")["storage"]["class"]
    )
    assert pod["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    # Kyverno refuses others (policy restrict-registries).
    assert pod["spec"]["containers"][0]["image"].startswith("111122223333.dkr.ecr.us-west-2.amazonaws.com/ecr-public/")
    for minor in minors():
        assert kubeconform.problems(manifests, minor) == []


def test_the_objectives_follow_from_the_configuration(everything: Synth) -> None:
    data, bootstrap = everything.stack(DATA), everything.stack("idp-bootstrap")
    retention = data.resource("aws_rds_cluster.database")["backup_retention_period"]
    assert f"5 minutes, back to {retention} days" in text()
    (rule,) = bootstrap.resource("aws_s3_bucket_lifecycle_configuration.tfstate")["rule"]
    (expiry,) = rule["noncurrent_version_expiration"]
    assert text().count(f"for {expiry['noncurrent_days']} days after the next") == 2
    windows = {secret["recovery_window_in_days"] for secret in data.of_type("aws_secretsmanager_secret").values()}
    assert f"{windows.pop()} days to take a deletion back" in text()
    assert not windows
    assert data.of_type("aws_rds_cluster_instance").keys() == {"database_1", "database_2"}


def test_the_vault_is_filled_as_the_objectives_say(shipped: Synth) -> None:
    (rule,) = shipped.stack("idp-pci-foundation-backup").resource("aws_backup_plan.daily")["rule"]
    minute, hour = rule["schedule"].removeprefix("cron(").split()[:2]
    assert f"daily at {int(hour):02}:{int(minute):02} UTC" in text()
    assert f"`deployment:backup:retentionDays`, {rule['lifecycle']['delete_after']} days" in text()


def test_the_state_that_is_restored_is_the_deployments_own(everything: Synth) -> None:
    backend = everything.stack("idp-foundation-vpc").document["terraform"]["backend"]["s3"]
    asked = [command for command in of("aws") if "s3api" in command]
    assert len(asked) == 4, "overwritten: list and copy; whole and wrong: list and get"
    assert all(f"--bucket {backend['bucket']} " in each and f" {backend['key']} " in each for each in asked)
