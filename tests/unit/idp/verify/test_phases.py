"""Verdicts of the seed's phase tests: Backstage, workflows, GitOps, a team's deployment."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from config.deployment import Deployment
from config.loader import load_one
from idp.errors import OperationError
from idp.findings import Finding, Unseen
from idp.verify.cluster_access import kubectl_for
from idp.verify.delivery import gitops, templates, workflows
from idp.verify.hosts import Answer, BadCertificate, Fetch, hosts
from idp.verify.teams import team_can_deploy
from idp.verify_cli import chosen
from tests.unit.idp.verify.cluster import Stub, item, kubectl

TEMPLATES = "clusterworkflowtemplates.argoproj.io"
APPLICATIONS = "applications.argoproj.io"


@pytest.fixture(scope="module")
def deployment(shipped_context: dict[str, object]) -> Deployment:
    return load_one(shipped_context, source="test.json")


def by_check(found: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.check: finding for finding in found}


def answering(status: int = 200, days: float = 200) -> Fetch:
    return lambda _host, _path: Answer(status=status, days=days)


def failing(error: Exception) -> Fetch:
    def ask(_host: str, _path: str) -> Answer:
        raise error

    return ask


@pytest.mark.parametrize(
    ("ask", "result"),
    [
        (answering(), "ok"),
        (answering(status=503), "fail"),
        (answering(status=404), "fail"),
        (answering(days=12), "warn"),
        (failing(BadCertificate("certificate has expired")), "fail"),
        (failing(Unseen("no route")), "fail"),
    ],
)
def test_backstage_is_accessible(deployment: Deployment, ask: Fetch, result: str) -> None:
    found = by_check(hosts(deployment, ask))
    assert found["Backstage accessible: backstage.example.com"].result == result
    assert set(found) >= {"platform: argocd.example.com", "platform: workflows.example.com"}


def test_the_health_route_is_asked(deployment: Deployment) -> None:
    asked: list[tuple[str, str]] = []

    def ask(host: str, path: str) -> Answer:
        asked.append((host, path))
        return Answer(status=200, days=90)

    list(hosts(deployment, ask))
    assert ("argocd.example.com", "/healthz") in asked


def test_an_internal_host_cannot_be_judged_from_outside(deployment: Deployment) -> None:
    backstage = deployment.components.backstage
    assert backstage is not None
    internal = backstage.model_copy(update={"exposure": "internal"})
    components = deployment.components.model_copy(update={"backstage": internal})
    found = by_check(hosts(deployment.model_copy(update={"components": components}), failing(Unseen("no route"))))
    assert found["Backstage accessible: backstage.example.com"].result == "unknown"


def run_of(name: str, phase: str) -> dict[str, object]:
    return item("Workflow", name, "team-platform", status={"phase": phase})


ALL = [item("ClusterWorkflowTemplate", name) for name in sorted(templates())]


@pytest.mark.parametrize(
    ("runs", "result"),
    [
        ([], "warn"),
        ([run_of("a", "Running")], "warn"),
        ([run_of("a", "Succeeded"), run_of("b", "Failed")], "ok"),
        ([run_of("a", "Failed"), run_of("b", "Error")], "fail"),
    ],
)
def test_workflows_execute(deployment: Deployment, runs: list[dict[str, object]], result: str) -> None:
    stub = Stub(objects={TEMPLATES: ALL, "workflows.argoproj.io": runs})
    found = by_check(workflows(kubectl(stub), deployment))
    assert found["Workflows execute: templates"].result == "ok"
    assert found["Workflows execute: a workflow is admitted"].result == "ok"
    assert found["Workflows execute: runs"].result == result
    assert {"ci", "cd"} <= templates()


def test_templates_that_are_missing_and_a_workflow_that_is_refused(deployment: Deployment) -> None:
    stub = Stub(objects={TEMPLATES: ALL[1:]}, refuses={"Workflow": "admission webhook denied the request: too loud"})
    found = by_check(workflows(kubectl(stub), deployment))
    assert ALL[0]["metadata"]["name"] in found["Workflows execute: templates"].seen
    assert "too loud" in found["Workflows execute: a workflow is admitted"].seen
    assert "--dry-run=server" in stub.commands[1]


def application(name: str, sync: str, health: str) -> dict[str, object]:
    return item("Application", name, "argocd", status={"sync": {"status": sync}, "health": {"status": health}})


@pytest.mark.parametrize(
    ("applications", "result", "seen"),
    [
        ([application("a", "Synced", "Healthy")], "ok", "1 are in sync and healthy"),
        (
            [application("a", "Synced", "Healthy"), application("b", "OutOfSync", "Healthy")],
            "fail",
            "not as Git says: argocd/b (OutOfSync, Healthy)",
        ),
        ([application("a", "Synced", "Degraded")], "fail", "not as Git says: argocd/a (Synced, Degraded)"),
        ([item("Application", "new", "argocd")], "fail", "not as Git says: argocd/new (Unknown, Unknown)"),
        ([], "warn", "none: no team has sources"),
    ],
)
def test_git_ops(deployment: Deployment, applications: list[dict[str, object]], result: str, seen: str) -> None:
    found = by_check(gitops(kubectl(Stub(objects={APPLICATIONS: applications})), deployment))
    finding = found["GitOps flow works: applications"]
    assert (finding.result, finding.seen) == (result, seen)


def test_an_application_set_with_an_error(deployment: Deployment) -> None:
    conditions = [{"type": "ErrorOccurred", "status": "True"}]
    broken = item("ApplicationSet", "teams", "argocd", status={"conditions": conditions})
    found = by_check(gitops(kubectl(Stub(objects={"applicationsets.argoproj.io": [broken]})), deployment))
    assert found["GitOps flow works: application sets"].result == "fail"


def test_a_team_can_deploy(deployment: Deployment) -> None:
    pods = {"template": {"spec": {"containers": [{"image": "111122223333.dkr.ecr.us-west-2.amazonaws.com/quay/x:1"}]}}}
    theirs = {
        "template": {"spec": {"containers": [{"image": "111122223333.dkr.ecr.us-west-2.amazonaws.com/team/a:1"}]}}
    }
    running = [item("Deployment", "b", "b", spec=theirs), item("Deployment", "a", "a", spec=pods)]
    stub = Stub(objects={"deployments": running})
    found = by_check(team_can_deploy(kubectl(stub), deployment, ["platform"]))
    assert {finding.result for finding in found.values()} == {"ok"}
    *_, of_deployment, of_pod = stub.commands
    for command in (of_deployment, of_pod):
        assert {"--dry-run=server", "--as-group=idp:team-platform:developers", "--namespace=team-platform"} <= set(
            command
        )
    assert json.loads(stub.given[-1])["kind"] == "Pod"
    assert "quay/x:1" in stub.given[-1]


@pytest.mark.parametrize(
    ("kind", "said", "result"),
    [
        ("Deployment", "deployments.apps is forbidden", "fail"),
        ("Pod", "admission webhook denied the request: set the labels", "fail"),
        ("Pod", 'pods "idp-verify" is forbidden: exceeded quota: team', "warn"),
    ],
)
def test_what_refuses_a_team_is_said(deployment: Deployment, kind: str, said: str, result: str) -> None:
    stub = Stub(objects={"deployments": []}, refuses={kind: said})
    finding = by_check(team_can_deploy(kubectl(stub), deployment, ["platform"]))["Team can deploy: platform"]
    assert finding.result == result
    assert said in finding.seen


@pytest.mark.parametrize(
    ("namespace", "resource", "may", "seen"),
    [
        ("team-platform", "deployments", False, "create deployments in team-platform: refused"),
        ("kube-system", "secrets", True, "get secrets in kube-system: allowed"),
    ],
)
def test_rights_that_are_too_few_or_too_many(
    deployment: Deployment, namespace: str, resource: str, may: bool, seen: str
) -> None:
    stub = Stub(objects={"deployments": []}, allowed={(namespace, resource): may})
    finding = by_check(team_can_deploy(kubectl(stub), deployment, ["platform"]))["Team can deploy: rights of platform"]
    assert (finding.result, finding.seen) == ("fail", seen)


def test_teams_that_are_tried(deployment: Deployment) -> None:
    assert chosen(deployment, None) == ["platform"]
    with pytest.raises(OperationError, match="no team nobody in idp"):
        chosen(deployment, ["nobody"])


def test_a_kubeconfig_of_its_own_names_the_cluster(deployment: Deployment) -> None:
    stub = Stub()
    stub_run = lambda command, given="", environment=None: stub(["kubectl", "get", "secrets", *command[1:]])  # noqa: E731, ARG005
    role = "arn:aws:iam::111122223333:role/idp-admin"
    with kubectl_for(deployment, role, run=stub_run) as found:
        (option,) = found.options
    assert option.startswith("--kubeconfig=")
    (command,) = stub.commands
    assert {"update-kubeconfig", "idp-platform", "us-west-2", role} <= set(command)
    with kubectl_for(deployment, role, context="mine", run=stub_run) as found:
        assert found.options == ("--context=mine",)
    assert len(stub.commands) == 1


def test_without_access_to_the_cluster(deployment: Deployment) -> None:
    stub = Stub(error="An error occurred (ResourceNotFoundException)")
    with pytest.raises(OperationError, match="ResourceNotFoundException"), kubectl_for(deployment, "", run=stub):
        pass
