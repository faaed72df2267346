"""The phase test of onboarding: a team can deploy into its namespace, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config.deployment import Deployment
from config.names import team_namespace
from constructs_lib.registry.table import registry
from idp.findings import Finding, fail, ok, warn
from idp.verify.kubectl import Kubectl, Refused
from idp.words import some

PHASE = "Team can deploy"
# Who is impersonated; the group is what counts (docs/ACCESS.md).
USER = "idp-verify"
NAME = "idp-verify"
_FULL = "exceeded quota"


def developers(deployment: Deployment, team: str) -> tuple[str, str]:
    """The groups of a developer of ``team``."""
    return f"{deployment.id}:team-{team}:developers", "system:authenticated"


def team_can_deploy(kubectl: Kubectl, deployment: Deployment, teams: Sequence[str]) -> Iterator[Finding]:
    """Rights by SubjectAccessReview, then a Deployment and its pod by dry run, for each of ``teams``."""
    yield from rights(kubectl, deployment, teams)
    image = images(kubectl, deployment)
    for team in teams:
        yield _deployment(kubectl, deployment, team, image)


def rights(kubectl: Kubectl, deployment: Deployment, teams: Sequence[str]) -> Iterator[Finding]:
    """Developers deploy in their namespace, and neither read its neighbours' secrets nor the system's."""
    for team in teams:
        groups, own = developers(deployment, team), team_namespace(team)
        others = ["kube-system", *(team_namespace(other.name) for other in deployment.teams if other.name != team)][:2]
        questions = [(own, "create", "apps", "deployments", True), (own, "create", "", "services", True)]
        questions += [(other, "get", "", "secrets", False) for other in others]
        answers = kubectl.allowed([_review(groups, *question[:4]) for question in questions])
        wrong = [
            f"{verb} {resource} in {namespace}: {'refused' if should else 'allowed'}"
            for (namespace, verb, _, resource, should), answer in zip(questions, answers, strict=True)
            if answer is not should
        ]
        check = f"{PHASE}: rights of {team}"
        if wrong:
            yield fail(check, some(wrong), f"apply {deployment.id}-teams-{team}; docs/ACCESS.md says what is meant")
        else:
            yield ok(check, f"may deploy to {own}, may not read secrets elsewhere")


def _review(groups: Sequence[str], namespace: str, verb: str, group: str, resource: str) -> Mapping[str, Any]:
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {
            "user": USER,
            "groups": list(groups),
            "resourceAttributes": {"namespace": namespace, "verb": verb, "group": group, "resource": resource},
        },
    }


def images(kubectl: Kubectl, deployment: Deployment) -> str:
    """An image that policies admit and that is there: one of the platform's own pods, from our registry.

    Images of teams must be signed by their workflows, so one of theirs wouldn't do.
    """
    own = f"{registry(deployment)}/"
    found = sorted(
        container["image"]
        for item in kubectl.items("deployments")
        for container in item["spec"]["template"]["spec"]["containers"]
        if container["image"].startswith(own) and not container["image"].startswith(f"{own}team/")
    )
    return found[0] if found else f"{own}{NAME}:1.0.0"


def manifest(image: str) -> dict[str, Any]:
    """A Deployment that passes every policy (docs/POLICIES.md) and asks for little."""
    labels = {"app.kubernetes.io/name": NAME, "app.kubernetes.io/version": "1.0.0"}
    container = {
        "name": "main",
        "image": image,
        "ports": [{"containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/", "port": 8080}},
        "livenessProbe": {"tcpSocket": {"port": 8080}},
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "10m", "memory": "16Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    secure = {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}
    template = {"metadata": {"labels": labels}, "spec": {"securityContext": secure, "containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NAME, "labels": labels},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app.kubernetes.io/name": NAME}}, "template": template},
    }


def _deployment(kubectl: Kubectl, deployment: Deployment, team: str, image: str) -> Finding:
    """Quotas count pods, and a Deployment that isn't kept makes none: so its pod is tried, too."""
    check, namespace = f"{PHASE}: {team}", team_namespace(team)
    whole = manifest(image)
    pod = {"apiVersion": "v1", "kind": "Pod", **whole["spec"]["template"]}
    pod["metadata"] = {"name": NAME, **pod["metadata"]}
    groups = developers(deployment, team)
    try:
        for each in (whole, pod):
            kubectl.try_out(each, namespace, user=USER, groups=groups)
    except Refused as refusal:
        if _FULL in str(refusal):
            return warn(check, f"its quota is used up: {refusal}", "the team makes room, or gets a larger size")
        return fail(
            check, f"{namespace}: {refusal}", "the message names what refuses it: docs/POLICIES.md, docs/ACCESS.md"
        )
    return ok(check, f"{namespace} takes a Deployment and its pod, by policies and quota")
