"""What the charts of workflows make, from their values alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib.guardrails.objects import Made, certificate, each_of, text
from constructs_lib.guardrails.values import Placed, entries
from constructs_lib.helm.charts import local_chart


def of_pipelines(placed: Placed, home: str) -> Iterator[Made]:
    """What workflows of a team need."""
    yield from certificate(home, text(placed, "pipelines", "builder", "secret"))
    where = text(placed, "deliveries", "namespace")
    if where and placed.values["pipelines"].get("applications"):
        for kind in ("Role", "RoleBinding"):
            yield Made(kind, where, f"{home}-pipelines")
    if isinstance(placed.values["pipelines"].get("sensor"), Mapping):
        for kind in ("Role", "RoleBinding"):
            yield Made(kind, home, text(placed, "pipelines", "sensor", "account"))


def of_git(placed: Placed, home: str) -> Iterator[Made]:
    """Logins to Git of a team's workflows: tokens beside the App's key, and their copies."""
    where = text(placed, "git", "namespace")
    for entry in entries(placed.values, "git", "credentials"):
        for kind in ("ExternalSecret", "GithubAccessToken", "Secret"):
            yield Made(kind, where, str(entry.get("token")))
        for kind in ("ExternalSecret", "Secret"):
            yield Made(kind, home, str(entry["name"]))
    for kind in ("Role", "RoleBinding"):
        yield Made(kind, where, f"{home}--git")
    yield Made("SecretStore", home, "git")
    yield Made("ServiceAccount", home, "git-reader")


def events(placed: Placed) -> Iterator[Made]:
    """Each file of ``sensors/`` is a Sensor of its name, where a repository has it: ``make check`` compares."""
    for kind, name in (("EventBus", "default"), ("EventSource", "github"), ("Service", "github-events")):
        yield Made(kind, placed.namespace, name)
    if placed.entries("queues", "events"):
        yield Made("EventSource", placed.namespace, "deployments")
    yield from each_of(placed, "ServiceAccount", "serviceAccounts")
    for kind in ("Role", "RoleBinding"):
        yield Made(kind, placed.namespace, "dead-letters")
    for name in sorted({str(name) for source in placed.entries("sources") for name in source["sensors"]}):
        yield Made("Sensor", placed.namespace, name)


def build_daemon(placed: Placed) -> Iterator[Made]:
    home, authorities = text(placed, "namespace"), text(placed, "issuerNamespace")
    yield Made("ClusterIssuer", "", "builds-self-signed")
    for entry in placed.entries("daemons"):
        name = str(entry["name"])
        yield Made("ClusterIssuer", "", name)
        for kind in ("ConfigMap", "Service", "ServiceAccount", "StatefulSet"):
            yield Made(kind, home, name)
        places = [(authorities, f"{name}-authority"), (home, name)]
        for namespace, secret in [*places, *((client, text(placed, "clientSecret")) for client in entry["clients"])]:
            yield from certificate(namespace, secret)


def workflow_templates(placed: Placed) -> Iterator[Made]:
    """A template's name is its file's: ``make check`` compares."""
    home, account = text(placed, "untrusted", "namespace"), text(placed, "untrusted", "account")
    for path in local_chart("workflow-templates").files:
        if "/workflow-templates/workflow-templates/" in path:
            yield Made("ClusterWorkflowTemplate", "", path.rpartition("/")[2].removesuffix(".yaml"))
    for kind in ("LimitRange", "ResourceQuota", "Role", "RoleBinding", "ServiceAccount"):
        yield Made(kind, home, account)
    yield Made("ConfigMap", home, "artifact-repositories")
    for role in ("platform-workflow-deployer", "platform-workflow-template-reader"):
        yield Made("ClusterRole", "", role)
    yield Made("ClusterRoleBinding", "", "platform-workflow-template-readers")
    yield from _sensors(placed)
    if isinstance(placed.values.get("git"), Mapping):
        yield from of_git(placed, text(placed, "git", "home"))


def _sensors(placed: Placed) -> Iterator[Made]:
    """Rights of who starts workflows in namespaces that are no team's."""
    for key in ("untrusted", "documentation"):
        if isinstance(placed.values.get(key), Mapping) and (account := text(placed, key, "sensor")):
            for kind in ("Role", "RoleBinding"):
                yield Made(kind, text(placed, key, "namespace"), account)
