"""Pods that Argo Workflows makes of our templates' steps, against all policies, in each namespace that they run in."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from constructs_lib.components.catalog.argo_workflows import ARGO_WORKFLOWS
from tests.kubernetes.releases import Release, merged, release
from tests.kyverno import cli
from tests.synth import Synth
from tools.workflow_files import File, Template
from tools.workflow_templates import known, shipped_settings

# One call of the command line serves all.
pytestmark = [pytest.mark.kyverno, pytest.mark.xdist_group("step-pods")]

MINOR = "1.34"
TEAM = "team-alpha"
STACK = "idp-platform-argo-workflows"
# Which run no container by themselves, and are made of what others are.
_NO_PODS = frozenset({"dag", "steps", "suspend"})
# Of a template's containers, and not of a pod's.
_ARGO_S_OWN = frozenset({"dependencies", "mirrorVolumeMounts", "source"})
_PARAMETER = re.compile(r"\{\{(inputs|workflow)\.parameters\.([a-z-]+)\}\}")
# They spare pods that a Workflow owns, those that end by themselves, and those of teams without a pool of their own.
SPARING = frozenset({"keep-to-pool", "require-labels", "require-probes"})
# Before the name of a pod that must be refused, and of the policy that does.
BROKEN = "broken--"


@pytest.fixture(scope="module")
def values(shipped: Synth) -> Mapping[str, Any]:
    """Of chart argo-workflows, which hands them to the controller."""
    return release(shipped, STACK, "argo-workflows").values


@pytest.fixture(scope="module")
def templates(shipped: Synth) -> list[Template]:
    """As they are installed."""
    manifests = release(shipped, STACK, "workflow-templates").manifests(MINOR)
    found = [each for each in manifests if each["kind"] == "ClusterWorkflowTemplate"]
    files = [File(each["metadata"]["name"], each["metadata"]["name"], each) for each in found]
    return [template for file in files for template in file.templates.values()]


@pytest.fixture(scope="module")
def policies(shipped: Synth) -> list[dict[str, Any]]:
    """All that are installed, without the rules that Kyverno derives for what makes pods: here are pods only, and the
    command line compiles each rule for each pod."""
    found = release(shipped, "idp-platform-policies", "policies").manifests(MINOR)
    for each in found:
        if each["kind"] in ("ValidatingPolicy", "ImageValidatingPolicy"):
            each["spec"]["autogen"] = {"podControllers": {"controllers": []}}
    return found


@pytest.fixture(scope="module")
def namespaces(shipped: Synth, teams: Synth) -> dict[str, dict[str, str]]:
    """Labels of the namespaces that workflows run in, by the charts that make them."""
    charts = (release(shipped, "idp-cluster-addons", "cluster-base"), release(teams, "idp-teams-alpha", TEAM))
    found = {each["metadata"]["name"]: each["metadata"]["labels"] for each in _made(charts)}
    return {name: found[name] | {"kubernetes.io/metadata.name": name} for name in (TEAM, "argo", "pull-requests")}


def _made(charts: tuple[Release, ...]) -> Iterator[dict[str, Any]]:
    for chart in charts:
        yield from (each for each in chart.manifests(MINOR) if each["kind"] == "Namespace")


def places(template: Template, namespaces: Mapping[str, Any]) -> list[str]:
    """Where it can run: where its service account is."""
    account, accounts = template.node["serviceAccountName"], known(shipped_settings(), "").accounts
    return [
        name
        for name in namespaces
        if any(fnmatch.fnmatch(name, pattern) and account in there for pattern, there in accounts.items())
    ]


def pod(template: Template, values: Mapping[str, Any], namespace: str) -> dict[str, Any]:
    """What the controller makes of ``template``, where the workflow that runs it is of the same file.

    Mounts and variables that it adds are left out: no policy reads them. Source: Argo Workflows 4,
    workflow/controller/workflowpod.go, ``createWorkflowPod`` and what it calls.
    """
    node, spec = template.node, merged(values["controller"]["workflowDefaults"]["spec"], template.file.node["spec"])
    assert not {"podSpecPatch"} & (spec.keys() | node.keys()), "patches aren't worked out here"
    workflow = f"{template.file.stem}-x"
    metadata: Mapping[str, Any] = merged(spec.get("podMetadata", {}), node.get("metadata", {}))
    labels = {"workflows.argoproj.io/workflow": workflow, "workflows.argoproj.io/completed": "false"}
    owner = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "name": workflow, "uid": "u"}
    mains = [merged(values["mainContainer"], {"name": "main"}, each) for each in template.containers()]
    executors = [_executor(name, values) for name in ("init", "wait")]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{workflow}-{template.name}",
            "namespace": namespace,
            "labels": labels | metadata.get("labels", {}),
            "annotations": metadata.get("annotations", {}),
            "ownerReferences": [owner | {"controller": True, "blockOwnerDeletion": True}],
        },
        "spec": {
            "restartPolicy": "Never",
            "serviceAccountName": node["serviceAccountName"],
            "priorityClassName": node.get("priorityClassName", spec["podPriorityClassName"]),
            "securityContext": node.get("securityContext", spec["securityContext"]),
            "initContainers": [executors[0], *_plain(template, node.get("initContainers", ()))],
            "containers": [executors[1], *_plain(template, mains), *_plain(template, node.get("sidecars", ()))],
            "volumes": _volumes(node, spec),
        }
        | {key: spec[key] for key in ("hostNetwork", "imagePullSecrets") if key in spec},
    }


def _executor(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    (version,) = (each.tag for each in ARGO_WORKFLOWS.images if each.name == "argoexec")
    image = values["executor"]["image"]
    stated = {key: values["executor"][key] for key in ("resources", "securityContext") if key in values["executor"]}
    return {"name": name, "image": f"{image['registry']}/{image['repository']}:{version}", **stated}


def _plain(template: Template, containers: Any) -> list[dict[str, Any]]:
    found = [{key: value for key, value in each.items() if key not in _ARGO_S_OWN} for each in containers]
    return [each | {"image": _PARAMETER.sub(lambda name: _default(template, name), each["image"])} for each in found]


def _default(template: Template, name: re.Match[str]) -> str:
    """What a parameter is where nobody says another."""
    declared = template.declared("inputs", "parameters") if name[1] == "inputs" else template.file.parameters
    assert "value" in declared[name[2]], f"{template.file.stem}: {name[2]} names an image, and has no default"
    return str(declared[name[2]]["value"])


def _volumes(node: Mapping[str, Any], spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    empty = ["var-run-argo", "tmp-dir-argo"]
    empty += ["input-artifacts"] if (node.get("inputs") or {}).get("artifacts") else []
    empty += ["argo-staging"] if "script" in node else []
    return [*({"name": name, "emptyDir": {}} for name in empty), *spec.get("volumes", ()), *node.get("volumes", ())]


def broken(template: Template, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Pods of a team, each with one fault of a template or of the values, named by the policy that it breaks."""
    main = template.node["script"]
    bare = {key: main[key] for key in ("image", "securityContext")} | {"name": "side"}
    ours, theirs = main["image"].partition(":")[0], "docker.io/library/alpine:3.22"
    found: list[tuple[str, Mapping[str, Any]]] = [
        ("disallow-latest-tag", {"script": {"image": f"{ours}:latest"}}),
        ("restrict-registries", {"script": {"image": theirs}}),
        ("restrict-registries", {"initContainers": [main | {"name": "before", "image": theirs}]}),
        ("disallow-privileged", {"script": {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}}),
        ("require-non-root-seccomp", {"securityContext": {"runAsNonRoot": False}}),
        ("require-requests-limits", {"sidecars": [bare]}),
    ]
    pods = [
        (policy, pod(Template(template.file, merged(template.node, fault)), values, TEAM)) for policy, fault in found
    ]
    executor = {key: value for key, value in values["executor"].items() if key != "resources"}
    pods.append(("require-requests-limits", pod(template, {**values, "executor": executor}, TEAM)))
    pods.append(("require-labels", pod(template, values, TEAM)))
    del pods[-1][1]["metadata"]["ownerReferences"]
    for number, (policy, each) in enumerate(pods):
        each["metadata"]["name"] = f"{BROKEN}{policy}--{number}"
    return [each for _, each in pods]


@pytest.fixture(scope="module")
def pods(
    templates: list[Template], values: Mapping[str, Any], namespaces: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """``ours`` and ``broken``."""
    making = [each for each in templates if each.makes_pods]
    ours = [pod(each, values, name) for each in making for name in places(each, namespaces)]
    script = next(each for each in making if "script" in each.node and TEAM in places(each, namespaces))
    return {"ours": ours, "broken": broken(script, values)}


@pytest.fixture(scope="module")
def verdicts(
    pods: dict[str, list[dict[str, Any]]], policies: list[dict[str, Any]], namespaces: dict[str, dict[str, str]]
) -> dict[str, list[cli.Verdict]]:
    """The same, of one call: the command line takes long to start."""
    found = cli.apply(policies, [*pods["ours"], *pods["broken"]], namespaces=namespaces)
    faulty = [each for each in found if each.name.startswith(BROKEN)]
    return {"ours": [each for each in found if each not in faulty], "broken": faulty}


def test_a_template_makes_no_pods_but_those_tried_here(templates: list[Template]) -> None:
    assert templates
    others = [each for each in templates if not each.makes_pods and not _NO_PODS & each.node.keys()]
    assert not others, [f"{each.file.stem}-{each.name}" for each in others]


def test_every_step_s_pod_passes_all_policies_where_it_runs(
    pods: dict[str, list[dict[str, Any]]],
    verdicts: dict[str, list[cli.Verdict]],
    policies: list[dict[str, Any]],
    namespaces: dict[str, dict[str, str]],
) -> None:
    # Also those that report only.
    found = [each for each in verdicts["ours"] if each.result not in ("pass", "skip")]
    assert not found, "\n".join(f"{each.policy}: {each.namespace}/{each.name}: {each.message}" for each in found)
    tried = {(each["metadata"]["namespace"], each["metadata"]["name"]) for each in pods["ours"]}
    assert {namespace for namespace, _ in tried} == namespaces.keys()
    denying = {each["metadata"]["name"] for each in policies if each["spec"].get("validationActions") == ["Deny"]}
    assert denying > SPARING
    passed = {(each.namespace, each.name, each.policy) for each in verdicts["ours"] if each.result == "pass"}
    for namespace, name in tried:
        wanted = denying - SPARING if namespace == TEAM else {"restrict-registries"}
        assert wanted <= {policy for *where, policy in passed if where == [namespace, name]}, name
    assert not {policy for *_, policy in passed} & SPARING


def test_what_breaks_a_policy_is_refused(
    pods: dict[str, list[dict[str, Any]]], verdicts: dict[str, list[cli.Verdict]]
) -> None:
    names = [each["metadata"]["name"] for each in pods["broken"]]
    assert {(each.name, each.policy) for each in verdicts["broken"] if each.result == "fail"} == {
        (name, name.split("--")[1]) for name in names
    }
