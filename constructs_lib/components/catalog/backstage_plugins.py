"""The packages that our configuration of Backstage expects in its image. Pure: imports no engine.

Keys are paths of the configuration: what lies below one is read by its packages. docs/BACKSTAGE.md lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """What reads a part of the configuration: ``backend`` and ``frontend`` are names of packages."""

    backend: tuple[str, ...] = ()
    frontend: tuple[str, ...] = ()


_CATALOG = "@backstage/plugin-catalog-backend"
PLUGINS: Mapping[str, Plugin] = {
    "app": Plugin(backend=("@backstage/plugin-app-backend",)),
    "auth": Plugin(backend=("@backstage/plugin-auth-backend", "@backstage/plugin-auth-backend-module-github-provider")),
    "backend": Plugin(backend=("@backstage/backend-defaults", "pg")),
    "catalog.locations": Plugin(backend=(_CATALOG,), frontend=("@backstage/plugin-catalog",)),
    "catalog.providers.awsS3": Plugin(backend=("@backstage/plugin-catalog-backend-module-aws",)),
    "catalog.providers.github": Plugin(backend=("@backstage/plugin-catalog-backend-module-github",)),
    "catalog.rules": Plugin(backend=(_CATALOG,)),
    "integrations": Plugin(backend=("@backstage/backend-defaults",)),
    "kubernetes": Plugin(backend=("@backstage/plugin-kubernetes-backend",), frontend=("@backstage/plugin-kubernetes",)),
    "organization": Plugin(frontend=("@backstage/plugin-org",)),
    "scaffolder": Plugin(
        backend=(
            "@backstage/plugin-scaffolder-backend",
            "@backstage/plugin-scaffolder-backend-module-github",
            # Without it the catalog knows no templates.
            "@backstage/plugin-catalog-backend-module-scaffolder-entity-model",
        ),
        frontend=("@backstage/plugin-scaffolder",),
    ),
    "techdocs": Plugin(backend=("@backstage/plugin-techdocs-backend",), frontend=("@backstage/plugin-techdocs",)),
}


def unread(configuration: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Paths of ``configuration`` that no plugin of the table reads."""
    for key, value in configuration.items():
        here = f"{path}.{key}" if path else key
        if here in PLUGINS:
            continue
        if isinstance(value, Mapping) and any(known.startswith(f"{here}.") for known in PLUGINS):
            yield from unread(value, here)
        else:
            yield here


def missing(backend: Iterable[str], frontend: Iterable[str]) -> list[str]:
    """Packages that the configuration expects and that are not among an image's, sorted.

    ``backend`` and ``frontend`` are the dependencies of its ``packages/backend`` and ``packages/app``.
    """
    there, shown = set(backend), set(frontend)
    found = {f"backend: {name}" for plugin in PLUGINS.values() for name in plugin.backend if name not in there}
    found |= {f"frontend: {name}" for plugin in PLUGINS.values() for name in plugin.frontend if name not in shown}
    return sorted(found)
