"""Images that must be in the registry before what runs them: ours, and copies that no cache makes. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.deployment import Deployment
from constructs_lib.addons.namespaces import builds_images
from constructs_lib.components.images import located, own_image
from constructs_lib.components.registry import enabled
from constructs_lib.data.databases_table import made_by_job
from constructs_lib.registry.table import REPOSITORIES


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """``reference`` is what runs it. ``source`` is the upstream's of a copy; empty where we build ``name``."""

    name: str
    reference: str
    source: str = ""


def built(deployment: Deployment) -> Iterator[Pushed]:
    """Images of our repositories that nothing else is chosen for."""
    backstage = deployment.components.backstage
    chosen: dict[str, str | None] = {}
    if made_by_job(deployment):
        chosen["database-bootstrap"] = deployment.aurora.bootstrap_image
    if backstage is not None and backstage.enabled:
        chosen["backstage"] = backstage.image
    if builds_images(deployment):
        chosen |= {"ci-tools": None, "techdocs-builder": None}
    for name, image in chosen.items():
        if image is None:
            yield Pushed(name=name, reference=own_image(deployment, name))


def copied(deployment: Deployment) -> Iterator[Pushed]:
    """Images of components that our registry keeps a copy of, where it is the deployment's own to fill."""
    mirrored = {repository.mirrors for repository in REPOSITORIES}
    for component in enabled(deployment).values() if deployment.shared.owner else ():
        for image in component.images:
            if image.upstream in mirrored:
                target = located(deployment, image).reference
                yield Pushed(name=image.name, reference=target, source=f"{image.upstream}:{image.tag}")
