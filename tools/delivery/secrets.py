"""Secrets of the way from an event to a rollout: who reads each, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.names import team_namespace
from constructs_lib.components.catalog.argo_events import ARGO_EVENTS
from tools.delivery import events, rollouts
from tools.delivery.calls import entry
from tools.delivery.diagrams import ordered, steps
from tools.delivery.files import Files, Object, below
from tools.markdown import code, joined, table

# Secret and namespace.
Place = tuple[str, str]


def secrets(files: Files) -> str:
    """A row for each Secret that an event source, a step or an analysis reads."""
    found: dict[Place, dict[str, None]] = {}
    for place, user in (*_of_sources(files), *_of_steps(files), *_of_analyses(files)):
        found.setdefault(place, {})[user] = None
    rows = [
        (f"`{name}`", f"`{where}`", joined(users), origin(files, name, where)) for (name, where), users in found.items()
    ]
    return table(("Secret", "namespace", "read by", "comes from"), rows)


def _of_sources(files: Files) -> Iterator[tuple[Place, str]]:
    for manifest in files.of("EventSource"):
        for secret in below(manifest.node, "webhookSecret"):
            yield (str(secret["name"]), str(manifest.node["metadata"]["namespace"])), f"event source {manifest.name}"


def _of_steps(files: Files) -> Iterator[tuple[Place, str]]:
    for sensor in ordered(files):
        namespace, _, stem = events.start(sensor, files)
        templates = [call.template for call in steps(files, sensor)] or [entry(files.templates[stem])]
        for template in templates:
            for volume in template.node.get("volumes") or ():
                name = (volume.get("secret") or {}).get("secretName")
                if name:
                    yield (str(name), namespace), template.file.stem


def _of_analyses(files: Files) -> Iterator[tuple[Place, str]]:
    for node in rollouts.measured(files):
        for each in below(node, "secretKeyRef"):
            yield (str(each["name"]), team_namespace(files.team.name)), f"analysis {node['metadata']['name']}"


def origin(files: Files, secret: str, namespace: str) -> str:
    """Who makes ``secret`` of ``namespace``, and of what."""
    for manifest in files.manifests:
        spec = manifest.node.get("spec") or {}
        if manifest.node["metadata"].get("namespace") != namespace:
            continue
        if manifest.node["kind"] == "Certificate" and spec.get("secretName") == secret:
            return f"cert-manager, {spec['issuerRef']['kind']} `{spec['issuerRef']['name']}`"
        if (
            manifest.node["kind"] == "ExternalSecret"
            and (spec.get("target") or {}).get("name", manifest.name) == secret
        ):
            return _external(files, spec, namespace)
    for each in ARGO_EVENTS.secrets:
        if (each.name, ARGO_EVENTS.namespace) == (secret, namespace):
            return f"External Secrets, Secrets Manager `/{files.deployment.id}/{each.path}`"
    return "people, where a step needs it: it may be missing"


def _external(files: Files, spec: Object, namespace: str) -> str:
    for each in below(spec, "generatorRef"):
        (generator,) = (one for one in files.of(each["kind"]) if one.name == each["name"])
        return f"External Secrets, {each['kind']}{_permissions(generator.node)}"
    store = str((spec.get("secretStoreRef") or {}).get("name"))
    keys = list(dict.fromkeys(str(each["key"]) for name in ("remoteRef", "extract") for each in below(spec, name)))
    for manifest in files.of("SecretStore"):
        if manifest.name == store and manifest.node["metadata"].get("namespace") == namespace:
            for other in below(manifest.node, "remoteNamespace"):
                copied = "; ".join(origin(files, key, str(other)) for key in keys)
                return f"a copy of {joined(code(keys))} in `{other}`: {copied}"
    return f"External Secrets, store `{store}`, {joined(code(keys))}"


def _permissions(generator: Object) -> str:
    permissions: Mapping[str, str] = generator["spec"].get("permissions") or {}
    repositories = generator["spec"].get("repositories") or ()
    said = [f"{name}: {value}" for name, value in permissions.items()]
    return f" with {joined(code(said))} of {joined(code(repositories))}"
