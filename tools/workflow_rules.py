"""Rules of our own for workflow templates: the API server takes a template whatever it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools import workflow_calls
from tools.workflow_files import File, Problem, Template

_WAYS = ("inputs", "outputs")
_TAG = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What exists beside the templates. ``people_make``: Secrets that may be missing (workflow-templates/README.md)."""

    accounts: frozenset[str]
    secrets: frozenset[str]
    people_make: frozenset[str]
    images: frozenset[str]


def problems(files: Mapping[str, File], known: Known) -> list[Problem]:
    """Everything that is wrong, by file and line."""
    found: list[Problem] = []
    for file in files.values():
        found += [*_of_file(file), *workflow_calls.problems(file, files)]
        for template in file.templates.values():
            if template.makes_pods:
                found += [*_pod(file, template, known), *_volumes(file, template, known)]
    return sorted(found, key=lambda each: (each.file, each.line, each.message))


def _of_file(file: File) -> Iterator[Problem]:
    name = file.node["metadata"]["name"]
    if name != file.stem:
        yield file.problem(f"name {name} is not the file's", file.node["metadata"], "name")
    if file.node.get("kind") != "ClusterWorkflowTemplate":
        yield file.problem("no ClusterWorkflowTemplate", file.node, "kind")
    groups = [file.parameters, *(each.declared(way, "parameters") for each in file.templates.values() for way in _WAYS)]
    for parameter in (each for group in groups for each in group.values()):
        if not parameter.get("description"):
            yield file.problem(f"parameter {parameter.get('name')} has no description", parameter)


def _pod(file: File, template: Template, known: Known) -> Iterator[Problem]:
    node = template.node
    account = node.get("serviceAccountName")
    if account not in known.accounts:
        message = f"template {template.name}: service account {account} doesn't exist"
        yield file.problem(message, node, "serviceAccountName")
    wanted = ("activeDeadlineSeconds", "retryStrategy")
    yield from (file.problem(f"template {template.name} has no {key}", node) for key in wanted if key not in node)
    security = node.get("securityContext") or {}
    profile = (security.get("seccompProfile") or {}).get("type")
    if security.get("runAsNonRoot") is not True or profile != "RuntimeDefault":
        yield file.problem(f"template {template.name} needs runAsNonRoot and seccompProfile RuntimeDefault", node)
    for container in template.containers():
        yield from _container(file, container, known)


def _container(file: File, container: Any, known: Known) -> Iterator[Problem]:
    own = container.get("securityContext") or {}
    closed = own.get("allowPrivilegeEscalation") is False and own.get("readOnlyRootFilesystem") is True
    if not closed or list((own.get("capabilities") or {}).get("drop", ())) != ["ALL"]:
        yield file.problem("container needs no privilege escalation, a read-only root and no capabilities", container)
    sizes = container.get("resources") or {}
    if not ({"cpu", "memory"} <= set(sizes.get("requests") or ()) and "memory" in (sizes.get("limits") or ())):
        yield file.problem("container needs requests of cpu and memory, and a limit of memory", container)
    image = str(container.get("image"))
    if image not in known.images and not _TAG.fullmatch(image):
        yield file.problem(f"image {image} is no setting: [[ image.name ]]", container, "image")


def _volumes(file: File, template: Template, known: Known) -> Iterator[Problem]:
    volumes = {each["name"]: each for each in template.node.get("volumes") or ()}
    mounts = [each for container in template.containers() for each in container.get("volumeMounts") or ()]
    mounts += (template.node.get("containerSet") or {}).get("volumeMounts") or ()
    for mount in mounts:
        if mount["name"] not in volumes:
            yield file.problem(f"volume {mount['name']} doesn't exist", mount, "name")
    for name in volumes.keys() - {mount["name"] for mount in mounts}:
        yield file.problem(f"volume {name} is mounted nowhere", volumes[name])
    for secret in (each["secret"] for each in volumes.values() if "secret" in each):
        name = secret.get("secretName")
        if name not in known.secrets and not (name in known.people_make and secret.get("optional") is True):
            yield file.problem(f"secret {name} doesn't exist", secret, "secretName")
    yield from _artifacts(file, template, tuple(f"{mount['mountPath']}/" for mount in mounts))


def _artifacts(file: File, template: Template, paths: tuple[str, ...]) -> Iterator[Problem]:
    """Outside of a volume a step can't write: its root is read-only."""
    for way in _WAYS:
        for artifact in template.declared(way, "artifacts").values():
            if not str(artifact.get("path", "")).startswith(paths):
                yield file.problem(f"artifact {artifact['name']} is in no volume", artifact)
