"""What the page of components says of one component, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from config.deployment import Deployment
from config.sizing import SizingProfile
from config.versions import CHARTS
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.components.component import Component, Image
from constructs_lib.components.images import located, own_image
from constructs_lib.components.pods import Pods, number, requested
from constructs_lib.components.registry import CATALOG
from constructs_lib.data.databases_table import databases
from constructs_lib.data.secrets_table import Secret, full_path
from constructs_lib.data.secrets_table import rows as secrets
from constructs_lib.iam.document import Statement
from constructs_lib.iam.workloads import Made, workloads
from constructs_lib.naming import naming_of
from constructs_lib.registry.table import REPOSITORIES, Upstream, rule_is_due, upstreams
from tools.markdown import code, joined, table

# What only AWS names.
_MADE = Made(database_resource_id="{database}", database_master_secret_arn="{master secret}", zone_id="{zone}")


def chart(component: Component) -> str:
    found = CHARTS[component.chart]
    own = joined(code(each.name for each in component.own_charts), none="")
    more = f"; our own {own}" if own else ""
    minors = f"for Kubernetes {found.oldest} to {found.newest}"
    return f"`{component.chart}` {found.version} of {found.repository}, {minors}{more}"


def place(component: Component, deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Stack, namespace, host, identity, database."""
    namespace = NAMESPACES[component.name]
    yield "stack", f"`{deployment.id}-platform-{component.name}`"
    why = f" ({namespace.reason})" if namespace.reason else ""
    yield "namespace", f"`{namespace.name}`, Pod Security `{namespace.pod_security}`{why}"
    host = deployment.components.hosts().get(component.name)
    yield "host", f"`{host.domain}`, {host.exposure}" if host else "–"
    yield "AWS identity", joined(code(f"{deployment.id}-{name}" for name in component.identities), none="none")
    row = next((row for row in databases(deployment) if row.component == component.name), None)
    made = f"; `{deployment.id}-platform-database-bootstrap` makes it first"
    yield "database", f"`{row.database}`, schema `{row.schema}`, as user `{row.user}`{made}" if row else "–"


def needs(component: Component) -> list[str]:
    """What it doesn't work without, then what is installed first where it is on."""
    soft = (name for name in component.after if name not in component.requires)
    return [*code(component.requires), *(f"{each} (first)" for each in code(soft))]


def dependents(component: Component) -> list[str]:
    """Who doesn't work without it, then who is installed after it."""
    hard = sorted(name for name, other in CATALOG.items() if component.name in other.requires)
    soft = sorted(name for name, other in CATALOG.items() if component.name in other.after and name not in hard)
    return [*code(hard), *(f"{each} (after)" for each in code(soft))]


def sources(component: Component, deployment: Deployment) -> Iterator[str]:
    """Images: upstream → where it is pulled from, and how it came there."""
    rows = [_image(image, deployment) for image in component.images]
    if any(repository.name == component.name and repository.mirrors is None for repository in REPOSITORIES):
        rows.append(("own", f"`{own_image(deployment, component.name)}`", "built by our CI; or the one that is set"))
    if rows:
        yield table(("image", "pulled from", "how it comes there"), rows)


def _image(image: Image, deployment: Deployment) -> tuple[str, str, str]:
    found = located(deployment, image)
    return f"`{image.upstream}:{image.tag}`", f"`{found.reference}`", _way(found.cache, image, deployment)


def _way(cache: str, image: Image, deployment: Deployment) -> str:
    if any(repository.mirrors == image.upstream for repository in REPOSITORIES):
        return "copied by a job"
    if cache:
        return f"pull-through cache `{cache}`"
    waiting = {each.name: each for each in upstreams(deployment) if not rule_is_due(deployment, each)}
    found = next((each for each in waiting.values() if _serves(each, image)), None)
    return f"upstream, until cache `{found.name}` has its credential" if found else "upstream"


def _serves(upstream: Upstream, image: Image) -> bool:
    return image.upstream.partition("/")[0] in upstream.url


def roles_table(component: Component, deployment: Deployment) -> Iterator[str]:
    """AWS identities: role, service account, what it may do."""
    naming = naming_of(deployment)
    by_name = {row.name: row for row in workloads(deployment)}
    rows = [
        (
            f"`{deployment.id}-{name}`",
            joined(code(f"{namespace}/{account}" for namespace, account in by_name[name].bindings)),
            _actions(by_name[name].rights(naming, deployment, _MADE)) or joined(by_name[name].managed),
        )
        for name in component.identities
    ]
    if rows:
        yield table(("role", "namespace/service account", "may"), rows)


def _actions(statements: Iterable[Statement]) -> str:
    """Actions by service; more than six of a service are counted."""
    found: dict[str, set[str]] = {}
    for statement in statements:
        for action in statement.actions:
            service, _, verb = action.partition(":")
            found.setdefault(f"{'not ' if statement.deny else ''}{service}", set()).add(verb)
    return "; ".join(
        f"{service}: {', '.join(sorted(verbs)) if len(verbs) <= 6 else f'{len(verbs)} actions'}"
        for service, verbs in found.items()
    )


def secrets_table(component: Component, deployment: Deployment) -> Iterator[str]:
    mine = [secret for secret in secrets(deployment) if component.name in secret.components]
    rows = [_secret(secret, component, deployment) for secret in mine]
    if rows:
        yield table(("secret", "holds", "made by", "read by", "becomes"), rows)


def _secret(secret: Secret, component: Component, deployment: Deployment) -> tuple[str, ...]:
    synced = [f"{component.namespace}/{each.name}" for each in component.secrets if each.path == secret.path]
    synced += [f"platform/scope={scope}" for reader in secret.readers for scope in reader.scopes]
    readers = sorted({f"{deployment.id}-{reader.becomes or reader.workload}" for reader in secret.readers})
    return (
        f"`{full_path(deployment, secret)}`",
        secret.holds,
        secret.maker,
        joined(code(readers)),
        joined(code(synced), none="read by that role itself" if secret.scheme == "own-role" else "–"),
    )


def pods_table(component: Component, by_profile: Mapping[SizingProfile, Deployment]) -> Iterator[str]:
    """How many pods with which requests, by profile."""
    rows = (
        (
            f"`{row.name}`",
            row.kind,
            "every node" if row.pool == "every" else row.pool,
            row.priority,
            *(_requests(row, deployment) for deployment in by_profile.values()),
            row.source,
        )
        for row in component.pods
    )
    yield table(("pods", "kind", "pool", "priority", *by_profile, "source of the numbers"), rows)


def _requests(row: Pods, deployment: Deployment) -> str:
    if not row.when(deployment):
        return "–"
    cpu, mib = requested(row, deployment)
    each = f"{cpu}m/{mib}Mi"
    return f"1 a node × {each}" if row.pool == "every" else f"{number(row.replicas, deployment)} × {each}"
