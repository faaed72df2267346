"""Which images a job copies from their upstreams into a registry of ours, beforehand. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.deployment import Deployment
from config.images import recorded
from config.versions import CHARTS, IMAGES, WORKFLOW_IMAGES
from config.versions import Image as Pinned
from constructs_lib.addons.namespaces import builds_images
from constructs_lib.components.component import Image
from constructs_lib.components.images import located
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.registry.table import MIRROR_PREFIX, is_mirrored_by_name

# Charts of IMAGES that are always there.
_ALWAYS = tuple(name for name in IMAGES if name in CHARTS)


@dataclass(frozen=True, kw_only=True)
class Copy:
    """``source``, the upstream's reference, goes to ``repository`` under ``tag``; ``digest`` is empty where nobody
    reviewed one yet."""

    source: str
    repository: str
    tag: str
    digest: str


def copies(deployment: Deployment) -> tuple[Copy, ...]:
    """What ``deployment`` pulls of upstreams' images, where all are copied; by source, each once."""
    images = {f"{image.upstream}:{image.tag}": image for image in _wanted(deployment)}
    return tuple(_copy(deployment, source, images[source]) for source in sorted(images))


def mirrors() -> tuple[str, ...]:
    """Repositories ``mirror/…`` that copies of any deployment go to: of every component's images; sorted."""
    images = [*_of_components(CATALOG), *_pinned(IMAGES.values()), *_pinned(WORKFLOW_IMAGES.values())]
    return tuple(
        sorted({f"{MIRROR_PREFIX}/{image.upstream}" for image in images if not is_mirrored_by_name(image.upstream)})
    )


def _wanted(deployment: Deployment) -> Iterator[Image]:
    yield from _of_components(enabled(deployment))
    yield from _pinned(IMAGES[name] for name in _ALWAYS)
    if builds_images(deployment):
        yield from _pinned(WORKFLOW_IMAGES.values())


def _of_components(names: Iterable[str]) -> Iterator[Image]:
    return (image for name in names for image in CATALOG[name].images)


def _pinned(images: Iterable[Pinned]) -> Iterator[Image]:
    for image in images:
        yield Image(name=image.repository, upstream=f"{image.registry}/{image.repository}", tag=image.tag)


def _copy(deployment: Deployment, source: str, image: Image) -> Copy:
    found = located(deployment, image)
    return Copy(source=source, repository=found.repository, tag=found.tag, digest=recorded().get(source, ""))
