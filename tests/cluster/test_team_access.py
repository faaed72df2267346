"""Who may do what where, of the platform's people and two teams', asked of the real API server.

A cell names who may; whoever it doesn't name is refused. All cells are asked by SubjectAccessReview, which is what
``kubectl auth can-i`` sends; some are asked by that command too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

import pytest

from config.deployment import Deployment
from constructs_lib.teams.kinds import Role, rules
from tests import access_page
from tests.kubernetes import crds
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.install import install
from tests.kubernetes.releases import release
from tests.synth import Synth

pytestmark = pytest.mark.cluster

# Groups of the access entries. EKS gives administrators AmazonEKSClusterAdminPolicy, which has no group: the group that
# Kubernetes gives all rights stands for it.
WHO: Mapping[str, str] = {
    "admin": "system:masters",
    "operator": "idp:operators",
    "viewer": "idp:viewers",
    "alpha": "idp:team-alpha:developers",
    "alpha-viewer": "idp:team-alpha:viewers",
    "beta": "idp:team-beta:developers",
    "beta-viewer": "idp:team-beta:viewers",
}
ALPHA, BETA, STAGING, SANDBOX = "team-alpha", "team-beta", "staging", "sandbox"
PLATFORM, SYSTEM, OTHER = "backstage", "kube-system", "default"
PLACES = (ALPHA, BETA, STAGING, SANDBOX, PLATFORM, SYSTEM, OTHER)

# What is looked at, and what only those look at who work there.
SEEN = {ALPHA: "viewer alpha alpha-viewer", BETA: "viewer beta beta-viewer", STAGING: "viewer alpha beta"}
SEEN |= {SANDBOX: "viewer alpha beta", PLATFORM: "operator viewer", SYSTEM: "operator viewer", OTHER: "viewer"}
WORKED = {ALPHA: "alpha", BETA: "beta", STAGING: "alpha beta", SANDBOX: "alpha beta", PLATFORM: "operator"}
OWN = {ALPHA: "alpha", BETA: "beta", PLATFORM: "operator"}
OWN_ALONE = {ALPHA: "alpha", BETA: "beta"}
NOBODY: dict[str, str] = {}

# (verb, resource) → place → who may beside administrators, who may everything; places that aren't named: nobody else.
TABLE: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("get", "pods"): SEEN,
    ("list", "deployments.apps"): SEEN,
    ("get", "pods/log"): SEEN,
    ("get", "resourcequotas"): SEEN,
    ("get", "limitranges"): SEEN,
    ("list", "networkpolicies.networking.k8s.io"): SEEN,
    ("create", "deployments.apps"): WORKED,
    ("patch", "deployments.apps"): WORKED,
    ("delete", "deployments.apps"): WORKED,
    ("update", "deployments.apps/scale"): WORKED,
    ("create", "statefulsets.apps"): WORKED,
    ("create", "jobs.batch"): WORKED,
    ("create", "services"): WORKED,
    ("create", "configmaps"): WORKED,
    ("create", "ingresses.networking.k8s.io"): WORKED,
    ("create", "persistentvolumeclaims"): WORKED,
    ("create", "pods"): {**OWN, SANDBOX: "alpha beta"},
    ("delete", "pods"): {**OWN, SANDBOX: "alpha beta"},
    ("create", "daemonsets.apps"): WORKED,
    # Commands in pods: not in staging, where every team's pods are, and never for viewers by either verb.
    ("create", "pods/exec"): {**OWN, SANDBOX: "alpha beta"},
    ("get", "pods/exec"): {**OWN_ALONE, SANDBOX: "alpha beta"},
    ("create", "pods/attach"): {**OWN_ALONE, SANDBOX: "alpha beta"},
    ("create", "pods/portforward"): {**OWN, SANDBOX: "alpha beta"},
    ("create", "pods/eviction"): {**OWN, SANDBOX: "alpha beta"},
    # Policies of pods don't look at this subresource (docs/POLICIES.md).
    ("update", "pods/ephemeralcontainers"): NOBODY,
    ("patch", "pods/ephemeralcontainers"): NOBODY,
    # Nobody reads another team's secrets; in shared namespaces they would be everybody's.
    ("get", "secrets"): OWN,
    ("list", "secrets"): OWN,
    ("create", "secrets"): OWN_ALONE,
    ("delete", "secrets"): OWN_ALONE,
    ("create", "serviceaccounts"): {**OWN_ALONE, STAGING: "alpha beta", SANDBOX: "alpha beta"},
    ("create", "serviceaccounts/token"): NOBODY,
    ("impersonate", "serviceaccounts"): NOBODY,
    # What the platform decides.
    ("create", "networkpolicies.networking.k8s.io"): NOBODY,
    ("delete", "networkpolicies.networking.k8s.io"): NOBODY,
    ("update", "resourcequotas"): NOBODY,
    ("delete", "resourcequotas"): NOBODY,
    ("update", "limitranges"): NOBODY,
    ("delete", "limitranges"): NOBODY,
    ("create", "secretstores.external-secrets.io"): NOBODY,
    ("update", "secretstores.external-secrets.io"): NOBODY,
    ("escalate", "roles.rbac.authorization.k8s.io"): NOBODY,
    ("bind", "roles.rbac.authorization.k8s.io"): NOBODY,
    # Rights that developers have themselves; admission keeps the platform's bindings (test_team_limits).
    ("create", "rolebindings.rbac.authorization.k8s.io"): OWN_ALONE,
    ("get", "rolebindings.rbac.authorization.k8s.io"): {
        ALPHA: "alpha alpha-viewer",
        BETA: "beta beta-viewer",
        PLATFORM: "operator",
    },
    ("create", "workflows.argoproj.io"): OWN,
    ("delete", "workflows.argoproj.io"): OWN,
    ("create", "rollouts.argoproj.io"): WORKED,
    ("create", "applications.argoproj.io"): {PLATFORM: "operator"},
    ("create", "appprojects.argoproj.io"): {PLATFORM: "operator"},
    ("create", "externalsecrets.external-secrets.io"): OWN_ALONE,
}
CLUSTER_WIDE: Mapping[tuple[str, str], str] = {
    ("list", "nodes"): "operator viewer",
    ("list", "namespaces"): "operator viewer",
    ("create", "namespaces"): "",
    ("delete", "namespaces"): "",
    ("update", "nodes"): "",
    ("list", "secrets"): "",
    ("create", "clusterroles.rbac.authorization.k8s.io"): "",
    ("create", "clusterrolebindings.rbac.authorization.k8s.io"): "",
    ("update", "validatingadmissionpolicies.admissionregistration.k8s.io"): "",
    ("create", "validatingwebhookconfigurations.admissionregistration.k8s.io"): "",
    ("update", "deletingpolicies.policies.kyverno.io"): "",
    ("update", "nodepools.karpenter.sh"): "",
    ("impersonate", "users"): "",
    ("impersonate", "groups"): "",
}
# Asked by kubectl too: one cell of each kind of answer.
BY_COMMAND = [
    ("alpha", "create", "deployments.apps", ALPHA, True),
    ("alpha", "create", "pods/exec", ALPHA, True),
    ("alpha", "get", "secrets", BETA, False),
    ("alpha", "create", "deployments.apps", STAGING, True),
    ("alpha", "create", "pods/exec", STAGING, False),
    ("alpha", "delete", "networkpolicies.networking.k8s.io", ALPHA, False),
    ("alpha-viewer", "get", "pods/log", ALPHA, True),
    ("alpha-viewer", "create", "pods/exec", ALPHA, False),
    ("alpha-viewer", "get", "secrets", ALPHA, False),
    ("beta", "get", "pods", ALPHA, False),
    ("operator", "get", "pods", ALPHA, False),
    ("viewer", "get", "secrets", ALPHA, False),
]

Question = tuple[str, str, str, str | None]


def expected() -> Iterator[tuple[Question, bool]]:
    """(who, verb, resource, place) → whether."""
    for (verb, resource), places in TABLE.items():
        for place in PLACES:
            may = {"admin", *places.get(place, "").split()}
            yield from (((who, verb, resource, place), who in may) for who in WHO)
    for (verb, resource), people in CLUSTER_WIDE.items():
        yield from (((who, verb, resource, None), who in {"admin", *people.split()}) for who in WHO)


def review(question: Question) -> dict[str, object]:
    who, verb, named, place = question
    named, _, subresource = named.partition("/")
    resource, _, group = named.partition(".")
    attributes = {"verb": verb, "resource": resource, "group": group, "subresource": subresource}
    spec = {
        "user": "somebody",
        "groups": [WHO[who], "system:authenticated"],
        "resourceAttributes": attributes | ({"namespace": place} if place else {}),
    }
    return {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}


@pytest.fixture(scope="module")
def people(cluster: Cluster, shipped: Synth, teams: Synth) -> Cluster:
    """The cluster with the charts that give people their rights."""
    wanted = ["snapshot.storage.k8s.io", "argoproj.io", "external-secrets.io", "policies.kyverno.io", "karpenter.sh"]
    crds.install(cluster, [*wanted, "elbv2.k8s.aws"])
    install(cluster, release(shipped, "idp-cluster-addons", "cluster-base"))
    install(cluster, release(teams, "idp-teams-shared", "shared-namespaces"))
    for name in ("alpha", "beta"):
        install(cluster, release(teams, f"idp-teams-{name}", f"team-{name}"))
    return cluster


@pytest.mark.proves("7.2.2", "7.3.2")
def test_every_cell_of_the_table(people: Cluster) -> None:
    cells = dict(expected())
    # Both answers occur for everybody but administrators, who may all.
    assert {who for (who, *_), may in cells.items() if may} == set(WHO)
    assert {who for (who, *_), may in cells.items() if not may} == set(WHO) - {"admin"}
    questions = "\n---\n".join(json.dumps(review(question)) for question in cells)
    answers = people.kubectl("create", "-o=jsonpath={.status.allowed} ", "-f", "-", given=questions).split()
    wrong = [
        f"{' '.join(str(part) for part in question)}: {'refused' if may else 'allowed'}"
        for (question, may), answer in zip(cells.items(), answers, strict=True)
        if (answer == "true") is not may
    ]
    assert not wrong, "\n".join(wrong)


def rights(cluster: Cluster, user: str, groups: list[str], place: str) -> set[access_page.Right]:
    """All that somebody has in ``place``, but for asking about oneself, as ``kubectl auth can-i --list`` asks it."""
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": place}}
    who = [f"--as={user}", *(f"--as-group={group}" for group in (*groups, "system:authenticated"))]
    answer = json.loads(
        cluster.kubectl(*who, "create", "-o=json", "--validate=false", "-f", "-", given=json.dumps(review))
    )
    return {
        (resource, group, verb)
        for rule in answer["status"]["resourceRules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        if not resource.startswith("selfsubject")
    }


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("team", ["alpha", "beta"])
@pytest.mark.parametrize("role", ["developer", "viewer"])
def test_people_of_a_team_have_what_the_access_page_says_and_nothing_else(
    people: Cluster, team: str, role: str, place: str
) -> None:
    columns = {f"team-{team}": role}
    if role == "developer":
        columns |= {STAGING: "developer in staging", SANDBOX: "developer in sandbox"}
    said = access_page.rights()
    assert all(said.values())
    wanted = said[columns[place]] if place in columns else set()
    assert rights(people, "somebody", [f"idp:team-{team}:{role}s"], place) == wanted


@pytest.mark.parametrize("role", ["workflows-developer", "workflows-viewer"])
@pytest.mark.parametrize("place", [ALPHA, BETA, STAGING, PLATFORM])
def test_people_in_argo_workflows_act_in_their_team_s_namespace_alone(
    people: Cluster, deployment_with: Callable[..., Deployment], role: Role, place: str
) -> None:
    wanted = {
        (resource, rule["apiGroups"][0], verb)
        for rule in rules(deployment_with(), role)
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert ("workflows", "argoproj.io", "get") in wanted
    user = f"system:serviceaccount:{ALPHA}:{role}"
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{ALPHA}"]
    assert rights(people, user, groups, place) == (wanted if place == ALPHA else set())


@pytest.mark.parametrize(("who", "verb", "resource", "place", "may"), BY_COMMAND)
def test_the_command_says_the_same(people: Cluster, who: str, verb: str, resource: str, place: str, may: bool) -> None:
    assert people.can_i("somebody", [WHO[who]], verb, resource, place) is may
