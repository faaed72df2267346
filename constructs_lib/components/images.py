"""From where a component's images are pulled. Pure: imports no engine."""

from __future__ import annotations

from dataclasses import dataclass

from config.deployment import Deployment
from config.images import recorded
from constructs_lib.components.component import Image
from constructs_lib.registry.table import MIRROR_PREFIX, PLATFORM_PREFIX, REPOSITORIES, registry, rule_is_due, upstreams

# The name by which images say it, and the address by which ECR's cache rules do.
_SPOKEN = {"docker.io": "registry-1.docker.io"}


@dataclass(frozen=True, kw_only=True)
class Located:
    """``registry``/``repository``:``tag``; charts want them apart or together.

    ``path`` is the repository at its upstream; ``cache``, what our registry has before it; ``prefix``, what a chart
    takes for the registry that it is in. ``digest`` is that of a copy which somebody reviewed, else empty.
    """

    registry: str
    cache: str
    path: str
    tag: str
    digest: str = ""

    @property
    def repository(self) -> str:
        return f"{self.cache}/{self.path}" if self.cache else self.path

    @property
    def prefix(self) -> str:
        return f"{self.registry}/{self.cache}" if self.cache else self.registry

    @property
    def full(self) -> str:
        """Registry and repository, without the tag."""
        return f"{self.registry}/{self.repository}"

    @property
    def reference(self) -> str:
        """With the tag, and the digest where there is one: it decides, and the tag says to people what it is."""
        return f"{self.full}:{self.tag}" + (f"@{self.digest}" if self.digest else "")


def located(deployment: Deployment, image: Image) -> Located:
    """The copy of ``image`` that CI or a copy job keeps, else the cache of its registry, else its own address."""
    copied = deployment.shared.images == "copies"
    digest = recorded().get(f"{image.upstream}:{image.tag}", "") if copied else ""
    own = registry(deployment)
    for repository in REPOSITORIES:
        if repository.mirrors == image.upstream:
            return Located(registry=own, cache="", path=repository.full_name, tag=image.tag, digest=digest)
    host, _, path = image.upstream.partition("/")
    if copied:
        return Located(registry=own, cache=f"{MIRROR_PREFIX}/{host}", path=path, tag=image.tag, digest=digest)
    for upstream in upstreams(deployment):
        if upstream.url == _SPOKEN.get(host, host) and rule_is_due(deployment, upstream):
            return Located(registry=own, cache=upstream.name, path=path, tag=image.tag)
    return Located(registry=host, cache="", path=path, tag=image.tag)


def own_image(deployment: Deployment, name: str, chosen: str | None = None) -> str:
    """Reference of an image of ours: ``chosen``, by its digest, else repository ``platform/<name>`` by the tag that is
    the deployment's version, which can't move (docs/adr/0014)."""
    return chosen or f"{registry(deployment)}/{PLATFORM_PREFIX}/{name}:{deployment.version}"
