"""Rules of our own for workflow templates: the API server takes a template whatever it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools import workflow_calls, workflow_places, workflow_shapes
from tools.workflow_files import SHELL, File, Problem, Template
from tools.workflow_places import Place

_WAYS = ("inputs", "outputs")
_TAG = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What exists beside the templates.

    ``accounts``: pattern of namespaces → service accounts there; ``entries``: where entry points run; ``people_make``:
    Secrets that may be missing (both of workflow-templates/README.md).
    """

    accounts: Mapping[str, frozenset[str]]
    entries: Mapping[str, Place]
    secrets: frozenset[str]
    people_make: frozenset[str]
    images: frozenset[str]


def problems(files: Mapping[str, File], known: Known) -> list[Problem]:
    """Everything that is wrong, by file and line."""
    found = [problem for file in files.values() for problem in workflow_shapes.broken(file)]
    if found:
        return sorted(found, key=_order)
    for file in files.values():
        found += [*workflow_shapes.unknown(file), *_of_file(file), *workflow_calls.problems(file, files)]
        for template in file.templates.values():
            if template.makes_pods:
                found += [*_pod(file, template, known), *_volumes(file, template, known)]
    found += workflow_places.problems(files, known.entries, known.accounts)
    return sorted(found, key=_order)


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line, problem.message


def _of_file(file: File) -> Iterator[Problem]:
    name = file.node["metadata"]["name"]
    if name != file.stem:
        yield file.problem(f"name {name} is not the file's: write {file.stem}", file.node["metadata"], "name")
    for key, wanted in (("apiVersion", "argoproj.io/v1alpha1"), ("kind", "ClusterWorkflowTemplate")):
        if file.node.get(key) != wanted:
            yield file.problem(f"no {wanted}: write {key}: {wanted}", file.node, key)
    groups = [file.parameters, *(each.declared(way, "parameters") for each in file.templates.values() for way in _WAYS)]
    for parameter in (each for group in groups for each in group.values()):
        if not parameter.get("description"):
            yield file.problem(f"parameter {parameter.get('name')} has no description: write one", parameter)
        yield from (
            file.problem(f"parameter {said}", parameter)
            for said in workflow_calls.ill_given({"value": "", **parameter}, parameter)
        )


def _pod(file: File, template: Template, known: Known) -> Iterator[Problem]:
    node = template.node
    account = node.get("serviceAccountName")
    accounts = sorted({name for names in known.accounts.values() for name in names})
    if account not in accounts:
        message = (
            f"template {template.name}: service account {account} doesn't exist: name one of {', '.join(accounts)}"
        )
        yield file.problem(message, node, "serviceAccountName")
    wanted = ("activeDeadlineSeconds", "retryStrategy")
    missing = (key for key in wanted if key not in node)
    yield from (file.problem(f"template {template.name} has no {key}: write one", node) for key in missing)
    security = node.get("securityContext") or {}
    profile = (security.get("seccompProfile") or {}).get("type")
    if security.get("runAsNonRoot") is not True or profile != "RuntimeDefault":
        message = f"template {template.name} needs runAsNonRoot and seccompProfile RuntimeDefault: write them"
        yield file.problem(message, node)
    for key in ("runAsUser", "runAsGroup", "fsGroup"):
        if not isinstance(security.get(key), int) or security[key] < 1:
            yield file.problem(
                f"{key} is {security.get(key)}: write a number above 0, such as 1000", security or node, key
            )
    for container in template.containers():
        yield from _container(file, container, known)


def _container(file: File, container: Any, known: Known) -> Iterator[Problem]:
    own = container.get("securityContext") or {}
    closed = own.get("allowPrivilegeEscalation") is False and own.get("readOnlyRootFilesystem") is True
    if not closed or list((own.get("capabilities") or {}).get("drop", ())) != ["ALL"]:
        message = "container needs no privilege escalation, a read-only root and no capabilities: write all three"
        yield file.problem(message, container)
    sizes = container.get("resources") or {}
    if not ({"cpu", "memory"} <= set(sizes.get("requests") or ()) and "memory" in (sizes.get("limits") or ())):
        message = "container needs requests of cpu and memory, and a limit of memory: write them"
        yield file.problem(message, container)
    image = str(container.get("image"))
    if image not in known.images and not _TAG.fullmatch(image):
        yield file.problem(f"image {image} is no setting: write [[ image.name ]]", container, "image")
    yield from _command(file, container)


def _command(file: File, container: Any) -> Iterator[Problem]:
    """Only what shellcheck reads may run."""
    command = list(container.get("command") or ())
    if "source" in container:
        if command != SHELL[:1]:
            yield file.problem(f"a source is run by {command}, which nobody checks: write command: [sh]", container)
    elif command != SHELL or len(container.get("args") or ()) != 1:
        message = f"container runs {command}: write command: [sh, -c] and its script as the only one of args"
        yield file.problem(message, container, "command" if command else None)


def _volumes(file: File, template: Template, known: Known) -> Iterator[Problem]:
    volumes = {each["name"]: each for each in template.node.get("volumes") or ()}
    mounts = [each for container in template.containers() for each in container.get("volumeMounts") or ()]
    mounts += (template.node.get("containerSet") or {}).get("volumeMounts") or ()
    for mount in mounts:
        if mount["name"] not in volumes:
            message = f"volume {mount['name']} doesn't exist: name one of {', '.join(sorted(volumes)) or 'none'}"
            yield file.problem(message, mount, "name")
    for name in volumes.keys() - {mount["name"] for mount in mounts}:
        yield file.problem(f"volume {name} is mounted nowhere: mount it, or leave it out", volumes[name])
    for secret in (each["secret"] for each in volumes.values() if "secret" in each):
        name = secret.get("secretName")
        if name not in known.secrets and not (name in known.people_make and secret.get("optional") is True):
            message = (
                f"secret {name} doesn't exist: name one of {', '.join(sorted(known.secrets))}, or one that people make"
            )
            message += f" ({', '.join(sorted(known.people_make))}) with optional: true"
            yield file.problem(message, secret, "secretName")
    yield from _artifacts(file, template, tuple(f"{mount['mountPath']}/" for mount in mounts))


def _artifacts(file: File, template: Template, paths: tuple[str, ...]) -> Iterator[Problem]:
    """Outside of a volume a step can't write: its root is read-only."""
    for way in _WAYS:
        for artifact in template.declared(way, "artifacts").values():
            if not str(artifact.get("path", "")).startswith(paths):
                yield file.problem(
                    f"artifact {artifact['name']} is in no volume: give it a path below a mount", artifact
                )
