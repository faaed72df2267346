"""What our charts make for deliveries and previews, from their values alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.guardrails.objects import Made, text
from constructs_lib.guardrails.values import Placed


def delivered(placed: Placed, project: str) -> Iterator[Made]:
    """What Argo CD has for a team, and who deploys by it. ``project`` is the team's."""
    deliveries, previews = placed.values.get("deliveries"), placed.values.get("previews")
    if not isinstance(deliveries, Mapping):
        return
    where, pipelines = str(deliveries.get("namespace")), placed.values.get("pipelines")
    if isinstance(pipelines, Mapping) and pipelines.get("applications"):
        for kind in ("Role", "RoleBinding"):
            yield Made(kind, where, f"{project}-pipelines")
    yield Made("AppProject", where, project)
    yield from _sets(where, project, deliveries.get("sources"))
    if isinstance(previews, Mapping):
        yield from _previewed(where, previews)


def _previewed(where: str, previews: Mapping[str, Any]) -> Iterator[Made]:
    name, repositories = str(previews.get("project")), previews.get("repositories")
    for kind in ("AppProject", "CronJob"):
        yield Made(kind, where, name)
    yield from _sets(where, name, repositories)
    # Argo CD makes a namespace for each pull request; what releases hold are patterns of their names.
    yield Made("Namespace", "", str(previews.get("namespaces")))
    for repository in repositories if isinstance(repositories, Sequence) else ():
        yield Made("Namespace", "", str(repository.get("namespace")))
    for each in _named(name, repositories):
        for kind in ("ExternalSecret", "GithubAccessToken"):
            yield Made(kind, where, each)
        yield Made("Secret", where, f"{each}-token")


def _sets(where: str, project: str, sources: object) -> Iterator[Made]:
    for name in _named(project, sources):
        yield Made("ApplicationSet", where, name)


def _named(project: str, sources: object) -> Iterator[str]:
    """What is made for each repository alone (docs/adr/0024)."""
    for source in sources if isinstance(sources, Sequence) else ():
        yield f"{project}--{source['name']}"


def preview_namespaces(placed: Placed) -> Iterator[Made]:
    """What makes, closes and limits pull requests' namespaces."""
    yield Made("ConfigMap", text(placed, "argocd"), "preview-labels")
    for name in ("contents", "limit", "orphans"):
        yield Made("ClusterRole", "", f"platform-preview-{name}")
    for kind, name in (
        ("DeletingPolicy", "orphans"),
        ("GeneratingPolicy", "contents"),
        ("MutatingPolicy", "host"),
        ("ValidatingPolicy", "limit"),
    ):
        yield Made(kind, "", f"preview-{name}")
    for name in ("closed", "host", "limited", "namespace"):
        for kind in ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"):
            yield Made(kind, "", f"preview-{name}")
