"""Workflows on a real API server: it takes every template, admits the pods of steps, and bounds their accounts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.install import install
from tests.kubernetes.releases import release
from tests.synth import Synth
from tools.workflow_files import DIRECTORY, File, Template, load
from tools.workflow_templates import shipped_settings

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

TEAM, STRANGERS = "team-alpha", "pull-requests"
FILES = load(DIRECTORY, shipped_settings())
STEPS = [template for file in FILES.values() for template in file.templates.values() if template.makes_pods]
ACCOUNTS = {
    "deployer": (TEAM, "workflows-deployer"),
    "stranger": (STRANGERS, "pull-request"),
    "sensor": ("argo-events", "argo-events-sensor"),
    "strangers' sensor": ("argo-events", "argo-events-stranger"),
    "docs' sensor": ("argo-events", "argo-events-docs"),
    "reader of logins": ("team-gamma", "git-reader"),
}


@pytest.fixture(scope="module")
def workflows(cluster: Cluster, shipped: Synth, teams: Synth) -> Cluster:
    """Templates, namespaces and a team are installed."""
    # One group after the other: together they keep the server busy for longer than is waited for one.
    for group in ("argoproj.io", "cert-manager.io", "external-secrets.io", "snapshot.storage.k8s.io"):
        crds.install(cluster, [group])
    install(cluster, release(shipped, "idp-cluster-addons", "cluster-base"))
    for namespace in ("argo", "argo-events", "argocd", "cert-manager", "builds", STRANGERS):
        if namespace not in cluster.names("namespaces"):
            cluster.make_namespace(namespace)
    for name in ("build-daemon", "workflow-templates"):
        install(cluster, release(shipped, "idp-platform-argo-workflows", name))
    install(cluster, release(teams, "idp-teams-shared", "shared-namespaces"))
    install(cluster, release(teams, "idp-teams-alpha", TEAM))
    return cluster


def step_pod(template: Template) -> dict[str, Any]:
    """A pod as the controller makes it of a step: its own containers beside the executor's (chart's values)."""
    node, file = template.node, template.file
    closed = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    # Quotas ask for amounts; whether the step states its own is a rule of `make check`.
    amounts = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "16Mi"}}
    executor = {"name": "wait", "image": "argoexec", "securityContext": closed, "resources": amounts}
    containers = [
        executor | {"name": each.get("name", "main"), "securityContext": plain(each["securityContext"])}
        for each in template.containers()
    ]
    spec = {"securityContext": plain(node["securityContext"]), "containers": [*containers, executor]}
    name = f"{file.stem}-{template.name}"
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


def plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    return [plain(each) for each in node] if isinstance(node, list) else node


def place(file: File) -> str:
    return STRANGERS if file.stem == "pull-request" else TEAM


def test_the_server_has_every_template(workflows: Cluster) -> None:
    assert set(workflows.names("clusterworkflowtemplates")) == set(FILES)


def test_an_unknown_field_of_a_template_is_refused(workflows: Cluster) -> None:
    found = workflows.get("clusterworkflowtemplate", "ci")
    wrong = {key: found[key] for key in ("apiVersion", "kind")} | {"metadata": {"name": "ci-2"}}
    with pytest.raises(Refused, match="unknown field"):
        workflows.try_out(wrong | {"spec": {"entrypoint": "x", "entrypoints": ["x"]}})


@pytest.mark.parametrize("template", STEPS, ids=[f"{each.file.stem}-{each.name}" for each in STEPS])
def test_pod_security_admits_each_step_where_it_runs(workflows: Cluster, template: Template) -> None:
    workflows.try_out(step_pod(template), namespace=place(template.file))


def test_a_step_as_root_is_refused_there(workflows: Cluster) -> None:
    pod = step_pod(STEPS[0])
    pod["spec"]["securityContext"]["runAsNonRoot"] = False
    with pytest.raises(Refused, match='violates PodSecurity "restricted'):
        workflows.try_out(pod, namespace=TEAM)


def test_the_daemons_are_admitted_in_their_namespace_and_in_no_other(workflows: Cluster, shipped: Synth) -> None:
    found = release(shipped, "idp-platform-argo-workflows", "build-daemon").manifests("1.34")
    daemons = [each for each in found if each["kind"] == "StatefulSet"]
    assert len(daemons) == 2
    for each in daemons:
        template = each["spec"]["template"]
        volumes = [*template["spec"]["volumes"], {"name": "cache", "emptyDir": {}}]
        spec = template["spec"] | {"volumes": list({volume["name"]: volume for volume in volumes}.values())}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": each["metadata"]["name"]}, "spec": spec}
        without_account = {key: value for key, value in spec.items() if key != "serviceAccountName"}
        workflows.try_out(pod | {"spec": without_account}, namespace="builds")
        for elsewhere in (TEAM, "argo"):
            with pytest.raises(Refused, match="violates PodSecurity"):
                workflows.try_out(pod | {"spec": without_account}, namespace=elsewhere)


@pytest.mark.parametrize(
    ("who", "verb", "resource", "namespace", "may"),
    [
        ("deployer", "patch", "deployments.apps", TEAM, True),
        ("deployer", "create", "workflowtaskresults.argoproj.io", TEAM, True),
        ("deployer", "get", "secrets", TEAM, False),
        ("deployer", "create", "rolebindings.rbac.authorization.k8s.io", TEAM, False),
        ("deployer", "create", "pods/exec", TEAM, False),
        ("deployer", "patch", "deployments.apps", "staging", False),
        ("deployer", "get", "applications.argoproj.io/alpha--web-app--staging", "argocd", True),
        ("deployer", "patch", "applications.argoproj.io/alpha--web-app--staging", "argocd", False),
        ("deployer", "get", "applications.argoproj.io/beta--web-app--staging", "argocd", False),
        ("stranger", "create", "workflowtaskresults.argoproj.io", STRANGERS, True),
        ("stranger", "get", "secrets", STRANGERS, False),
        ("stranger", "create", "pods", STRANGERS, False),
        ("stranger", "create", "workflows.argoproj.io", STRANGERS, False),
        ("stranger", "create", "workflowtaskresults.argoproj.io", "argo", False),
        ("stranger", "get", "clusterworkflowtemplates.argoproj.io", None, True),
        ("stranger", "update", "clusterworkflowtemplates.argoproj.io", None, False),
        # Argo Events only makes: operation create of its trigger looks at nothing first.
        ("sensor", "create", "workflows.argoproj.io", TEAM, True),
        ("sensor", "get", "workflows.argoproj.io", TEAM, False),
        ("sensor", "create", "workflows.argoproj.io", STRANGERS, False),
        ("strangers' sensor", "create", "workflows.argoproj.io", STRANGERS, True),
        ("strangers' sensor", "get", "workflows.argoproj.io", STRANGERS, False),
        ("strangers' sensor", "list", "workflows.argoproj.io", STRANGERS, False),
        ("strangers' sensor", "watch", "workflows.argoproj.io", STRANGERS, False),
        ("strangers' sensor", "create", "workflows.argoproj.io", TEAM, False),
        ("docs' sensor", "create", "workflows.argoproj.io", "argo", True),
        ("docs' sensor", "get", "workflows.argoproj.io", "argo", False),
        ("docs' sensor", "create", "workflows.argoproj.io", TEAM, False),
        ("sensor", "create", "workflows.argoproj.io", "argo", False),
    ],
)
def test_accounts_of_workflows_may_do_what_their_templates_need(
    workflows: Cluster, who: str, verb: str, resource: str, namespace: str | None, may: bool
) -> None:
    assert can(workflows, who, verb, resource, namespace) is may


@pytest.fixture(scope="module")
def logins(workflows: Cluster, previews: Synth) -> Cluster:
    """A team is installed whose deployment names a GitHub App."""
    crds.install(workflows, ["generators.external-secrets.io"])
    install(workflows, release(previews, "idp-teams-gamma", "team-gamma"))
    return workflows


@pytest.mark.parametrize(
    ("verb", "resource", "namespace", "may"),
    [
        ("get", "secrets/team-gamma--git-credentials", "argocd", True),
        ("get", "secrets/team-gamma--git-push-credentials", "argocd", True),
        ("update", "secrets/team-gamma--git-credentials", "argocd", False),
        ("get", "secrets/team-alpha--git-credentials", "argocd", False),
        # The App's own key.
        ("get", "secrets/argocd-github-app", "argocd", False),
        ("list", "secrets", "argocd", False),
        ("get", "secrets", "team-gamma", False),
    ],
)
def test_a_team_s_store_of_logins_reads_the_team_s_tokens_alone(
    logins: Cluster, verb: str, resource: str, namespace: str, may: bool
) -> None:
    assert can(logins, "reader of logins", verb, resource, namespace) is may


def can(cluster: Cluster, who: str, verb: str, resource: str, namespace: str | None) -> bool:
    home, account = ACCOUNTS[who]
    kind, _, name = resource.partition("/")
    part = {"subresource": name} if name == "exec" else {"name": name}
    plural, _, group = kind.partition(".")
    return allowed(
        cluster, home, account, {"verb": verb, "resource": plural, "group": group, "namespace": namespace or ""} | part
    )


def allowed(cluster: Cluster, home: str, account: str, asked: dict[str, str]) -> bool:
    """By SubjectAccessReview: ``kubectl auth can-i`` knows only kinds that are served, and reports of steps aren't."""
    user = f"system:serviceaccount:{home}:{account}"
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{home}", "system:authenticated"]
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "groups": groups, "resourceAttributes": asked},
    }
    answer = json.loads(cluster.kubectl("create", "-f", "-", "-o", "json", given=json.dumps(review)))
    return bool(answer["status"]["allowed"])
