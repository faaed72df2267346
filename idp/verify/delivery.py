"""The phase tests of CI and GitOps: workflows execute, applications are what Git says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from config.deployment import Deployment
from config.generated import ROOT
from config.names import team_namespace
from idp.findings import Finding, fail, ok, warn
from idp.verify.kubectl import Kubectl, Refused, title
from idp.words import some

WORKFLOWS, GITOPS = "Workflows execute", "GitOps flow works"
_TEMPLATES = ROOT / "workflow-templates"


@cache
def templates(directory: Path = _TEMPLATES) -> frozenset[str]:
    """Names of the templates that the platform has."""
    yaml = YAML(typ="safe")
    return frozenset(str(yaml.load(path)["metadata"]["name"]) for path in sorted(directory.glob("*/*.yaml")))


def workflows(kubectl: Kubectl, deployment: Deployment) -> Iterator[Finding]:
    """The templates are there, a workflow of them passes admission, and what ran last succeeded."""
    there = {item["metadata"]["name"] for item in kubectl.items("clusterworkflowtemplates.argoproj.io")}
    missing = sorted(templates() - there)
    check = f"{WORKFLOWS}: templates"
    if missing:
        yield fail(check, f"not there: {some(missing)}", f"apply {deployment.id}-platform-argo-workflows")
    else:
        yield ok(check, f"{len(there)} are there")
    if deployment.teams:
        yield _dry_run(kubectl, team_namespace(deployment.teams[0].name))
    yield _last(kubectl.items("workflows.argoproj.io"))


def _dry_run(kubectl: Kubectl, namespace: str) -> Finding:
    check = f"{WORKFLOWS}: a workflow is admitted"
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": "idp-verify-"},
        "spec": {
            "workflowTemplateRef": {"name": "ci", "clusterScope": True},
            "serviceAccountName": "workflows-builder",
        },
    }
    try:
        kubectl.try_out(manifest, namespace)
    except Refused as refusal:
        return fail(check, f"{namespace}: {refusal}", "the message names what refuses it")
    return ok(check, f"{namespace} takes one of template ci")


def _last(found: list[dict[str, Any]]) -> Finding:
    """Of those that ended, how many succeeded. Before the first there is nothing to say against them."""
    check = f"{WORKFLOWS}: runs"
    phases = [item.get("status", {}).get("phase", "") for item in found]
    succeeded = phases.count("Succeeded")
    failed = sorted(title(item) for item, phase in zip(found, phases, strict=True) if phase in ("Failed", "Error"))
    if failed and not succeeded:
        return fail(check, f"none succeeded, failed: {some(failed)}", "argo logs says where one stopped")
    if not succeeded:
        return warn(check, "none has succeeded yet", "push to a team's repository, or submit one, then ask again")
    return ok(check, f"{succeeded} succeeded, {len(failed)} failed")


def gitops(kubectl: Kubectl, deployment: Deployment) -> Iterator[Finding]:
    """What makes applications works, and each is in sync and healthy."""
    sets = kubectl.items("applicationsets.argoproj.io")
    broken = sorted(title(item) for item in sets if _error(item))
    if broken:
        yield fail(f"{GITOPS}: application sets", f"with errors: {some(broken)}", "kubectl describe says which")
    elif sets:
        yield ok(f"{GITOPS}: application sets", f"{len(sets)} without errors")
    check, found = f"{GITOPS}: applications", kubectl.items("applications.argoproj.io")
    wrong = sorted(f"{title(item)} ({_state(item)})" for item in found if _state(item) != "Synced, Healthy")
    if wrong:
        yield fail(check, f"not as Git says: {some(wrong)}", "argocd app get says what differs or is ill")
    elif found:
        yield ok(check, f"{len(found)} are in sync and healthy")
    elif any(team.sources for team in deployment.teams):
        yield warn(
            check, "none, though teams have sources", "a source needs deploy/team, deploy/staging or deploy/sandbox"
        )
    else:
        yield warn(check, "none: no team has sources", "give a team one: docs/TEAM_ONBOARDING.md")


def _error(item: dict[str, Any]) -> bool:
    conditions = item.get("status", {}).get("conditions") or []
    return any(each["type"] == "ErrorOccurred" and each["status"] == "True" for each in conditions)


def _state(item: dict[str, Any]) -> str:
    status = item.get("status", {})
    sync, health = status.get("sync", {}).get("status", "Unknown"), status.get("health", {}).get("status", "Unknown")
    return f"{sync}, {health}"
