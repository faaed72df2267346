"""Tests of the table of workload identities: its agreement with the table of secrets, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.data.secrets_table import BOOTSTRAP_JOB, rows
from constructs_lib.iam.document import Statement
from constructs_lib.iam.rows import ROWS
from constructs_lib.iam.workloads import Made, Workload, workloads
from constructs_lib.naming import Naming, naming_of
from tests.unit.constructs_lib.iam.evaluate import allowed

BUCKETS = ("artifacts", "techdocs", "backups")
# Rows of the seed → what it binds them to.
SEED = {
    "backstage-sa": ("backstage", "backstage-sa"),
    "argo-controller-sa": ("argo", "argo-workflows-controller"),
    "argo-executor-sa": ("argo", "argo-workflows-executor"),
    "argocd-sa": ("argocd", "argocd-application-controller"),
    "external-secrets-sa": ("external-secrets", "external-secrets"),
}


def statements(deployment: Deployment, made: Made, name: str) -> list[Statement]:
    (row,) = (row for row in workloads(deployment) if row.name == name)
    return row.rights(naming_of(deployment), deployment, made)


def secret(naming: Naming, path: str) -> str:
    """ARN of the secret ``/idp/<path>`` as Secrets Manager makes it."""
    return naming.arn("secretsmanager", f"secret:/{naming.deployment}/{path}-AbCdEf")


def test_names_and_bindings_are_there_once() -> None:
    names = [row.name for row in ROWS]
    bindings = [binding for row in ROWS for binding in row.bindings]
    assert len(names) == len(set(names))
    # An association gives a service account one role (Amazon EKS API reference, CreatePodIdentityAssociation).
    assert len(bindings) == len(set(bindings))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_says_where_its_rights_are_documented(row: Workload) -> None:
    assert len(row.source) > 20
    assert row.bindings


@pytest.mark.parametrize("name", SEED)
def test_the_seed_s_roles_are_bound_as_it_says(name: str) -> None:
    (row,) = (row for row in ROWS if row.name == name)
    assert SEED[name] in row.bindings


def test_whoever_the_table_of_secrets_names_can_read_and_nobody_else(everything_on: Deployment, made: Made) -> None:
    naming = naming_of(everything_on)
    for row in rows(everything_on):
        readers = {
            workload.name
            for workload in workloads(everything_on)
            if allowed(
                workload.rights(naming, everything_on, made),
                "secretsmanager:GetSecretValue",
                secret(naming, row.path),
            )
        }
        # Who makes a value can read it: the job goes on with a change that was interrupted.
        maker = {"database-bootstrap-sa"} if row.maker == BOOTSTRAP_JOB else set()
        # Who becomes another role to read can't read as itself.
        assert readers == {reader.workload for reader in row.readers if not reader.becomes} | maker, row.path


@pytest.mark.parametrize("action", ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"])
def test_the_bootstrap_job_reaches_what_it_makes_only(everything_on: Deployment, made: Made, action: str) -> None:
    job = statements(everything_on, made, "database-bootstrap-sa")
    naming = naming_of(everything_on)
    for row in rows(everything_on):
        reached = allowed(job, f"secretsmanager:{action}", secret(naming, row.path))
        assert reached == (row.maker == BOOTSTRAP_JOB), row.path


def test_only_the_bootstrap_job_reads_the_master_secret(everything_on: Deployment, made: Made) -> None:
    naming = naming_of(everything_on)
    assert [
        row.name
        for row in workloads(everything_on)
        if allowed(
            row.rights(naming, everything_on, made), "secretsmanager:GetSecretValue", made.database_master_secret_arn
        )
    ] == ["database-bootstrap-sa"]


def test_nobody_reads_a_secret_of_another_deployment(everything_on: Deployment, made: Made) -> None:
    naming = naming_of(everything_on)
    other = naming.arn("secretsmanager", "secret:/idp-pci/db/backstage-AbCdEf")
    for row in workloads(everything_on):
        assert not allowed(row.rights(naming, everything_on, made), "secretsmanager:GetSecretValue", other), row.name


@pytest.mark.parametrize(
    ("name", "bucket", "action", "key"),
    [
        ("backstage-sa", "techdocs", "s3:GetObject", "default/component/x/index.html"),
        ("techdocs-publisher-sa", "techdocs", "s3:DeleteObject", "default/component/x/index.html"),
        ("argo-server-sa", "artifacts", "s3:GetObject", "team-alpha/run/log"),
        ("argocd-sa", "artifacts", "s3:GetObject", "charts/app-1.0.0.tgz"),
        ("velero-sa", "backups", "s3:PutObject", "backups/daily"),
    ],
)
def test_each_reaches_its_own_bucket_and_no_other(
    everything_on: Deployment, made: Made, name: str, bucket: str, action: str, key: str
) -> None:
    found, naming = statements(everything_on, made, name), naming_of(everything_on)
    reached = [other for other in BUCKETS if allowed(found, action, f"{naming.bucket_arn(other)}/{key}")]
    assert reached == [bucket]


def test_the_portal_shows_documentation_and_a_workflow_writes_it(everything_on: Deployment, made: Made) -> None:
    key = f"{naming_of(everything_on).bucket_arn('techdocs')}/default/component/x/index.html"
    writers = {
        name
        for name in ("backstage-sa", "techdocs-publisher-sa")
        if any(allowed(statements(everything_on, made, name), f"s3:{verb}Object", key) for verb in ("Put", "Delete"))
    }
    assert writers == {"techdocs-publisher-sa"}


def test_what_the_seed_grants_by_star_is_named(everything_on: Deployment, made: Made) -> None:
    naming = naming_of(everything_on)
    for row in workloads(everything_on):
        actions = {a for statement in row.rights(naming, everything_on, made) for a in statement.actions}
        assert not actions & {"*", "s3:*", "ecr:*", "secretsmanager:*", "kms:*", "iam:*"}, row.name


def test_the_workflow_controller_moves_no_artifacts(everything_on: Deployment, made: Made) -> None:
    found = statements(everything_on, made, "argo-controller-sa")
    assert not [action for statement in found for action in statement.actions if action.startswith("s3:")]


def test_executors_stay_in_the_namespace_of_their_session(everything_on: Deployment, made: Made) -> None:
    namespace = "${aws:PrincipalTag/kubernetes-namespace}"
    found = {statement.sid: statement for statement in statements(everything_on, made, "argo-executor-sa")}
    assert all(f"/{namespace}/" in arn for arn in found["Objects"].resources)
    (own,) = found["OwnImages"].conditions
    assert (own.variable, own.values) == ("aws:ResourceTag/kubernetes-namespace", (namespace,))
    (listed,) = found["ListBucket"].conditions
    assert (listed.variable, listed.values) == ("s3:prefix", (f"{namespace}/*",))
    (platform,) = found["PushPlatformImages"].conditions
    assert (platform.variable, platform.values) == ("aws:PrincipalTag/kubernetes-namespace", ("argo",))


def test_steps_that_run_a_repository_s_code_have_their_artifacts_and_nothing_else(
    everything_on: Deployment, made: Made
) -> None:
    found = statements(everything_on, made, "argo-builder-sa")
    assert {action.split(":")[0] for statement in found for action in statement.actions} == {"s3"}
    namespace = "${aws:PrincipalTag/kubernetes-namespace}"
    objects = [arn for statement in found for arn in statement.resources if "/" in arn]
    assert objects and all(arn.endswith(f"/{namespace}/*") for arn in objects)


def test_only_the_step_that_publishes_pushes_and_signs(everything_on: Deployment, made: Made) -> None:
    who = {
        action: {row.name for row in workloads(everything_on) if action in _actions(row, everything_on, made)}
        for action in ("ecr:PutImage", "kms:Sign")
    }
    assert who == dict.fromkeys(who, {"argo-executor-sa"})
    assert "ecr:BatchGetImage" in {
        action for each in statements(everything_on, made, "argo-reader-sa") for action in each.actions
    }


def _actions(row: Workload, deployment: Deployment, made: Made) -> set[str]:
    return {action for each in row.rights(naming_of(deployment), deployment, made) for action in each.actions}


def test_names_and_certificates_change_only_records_of_their_kind(everything_on: Deployment, made: Made) -> None:
    types = {
        name: statement.conditions[0].values
        for name in ("cert-manager-sa", "external-dns-sa")
        for statement in statements(everything_on, made, name)
        if statement.sid == "ChangeRecords"
    }
    assert types == {"cert-manager-sa": ("TXT",), "external-dns-sa": ("A", "AAAA", "CNAME", "TXT")}


def test_a_component_that_is_off_has_no_role(deployment_with: Callable[..., Deployment]) -> None:
    names = {row.name for row in workloads(deployment_with())}
    assert "backstage-sa" in names
    assert not names & {"velero-sa", "crossplane-sa"}
