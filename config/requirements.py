"""Which components need which others, and the order that follows. Pure tables, and what they imply.

``REQUIRES`` is hard: a component without one of these doesn't work, and the file is refused. ``IMPLIED`` is soft: what
is listed is switched on as well, unless the file switches it off by ``enabled: false`` (docs/adr/0014).
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from typing import Any

from config.errors import ConfigError, Problem

REQUIRES: Mapping[str, tuple[str, ...]] = {
    # Webhooks start workflows.
    "argo-events": ("argo-workflows", "external-secrets"),
    "argo-rollouts": (),
    # People sign in through Argo CD's Dex.
    "argo-workflows": ("argocd", "external-secrets"),
    "argocd": ("external-secrets",),
    "backstage": ("external-secrets",),
    "cert-manager": (),
    "crossplane": (),
    "external-dns": (),
    "external-secrets": (),
    "falco": (),
    "grafana-agent": ("external-secrets",),
    "kyverno": (),
    "reloader": (),
    "velero": (),
}

# A host without a record isn't reached; a secret that changes restarts nobody by itself.
IMPLIED: Mapping[str, tuple[str, ...]] = {
    "argo-events": ("external-dns",),
    # Builders and their clients know each other by certificates.
    "argo-workflows": ("cert-manager", "external-dns"),
    "argocd": ("external-dns",),
    "backstage": ("external-dns",),
    "external-secrets": ("reloader",),
}


class Cycle(ConfigError):
    """Components that need each other: ``path`` starts and ends with the same name."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.path = path
        problem = Problem(
            file="config/requirements.py",
            key="components",
            value=" → ".join(path),
            message="need each other, so that none can be the first",
            remedy="take one of the needs out of the table, or out of `after` in the component's file",
        )
        super().__init__([problem])


def order(enabled: Iterable[str], needs: Mapping[str, Iterable[str]] = REQUIRES) -> tuple[str, ...]:
    """``enabled`` so that each comes after what it needs of them; by name where nothing else decides.

    Raises Cycle where there is no such order.
    """
    wanted = set(enabled)
    sorter = graphlib.TopologicalSorter({name: wanted.intersection(needs.get(name, ())) for name in sorted(wanted)})
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        raise Cycle(tuple(reversed(error.args[1]))) from None
    found: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found.extend(ready)
        sorter.done(*ready)
    return tuple(found)


def missing(enabled: Iterable[str], needs: Mapping[str, Iterable[str]] = REQUIRES) -> list[tuple[str, ...]]:
    """Paths from an enabled component to one that it needs and that is off: ``(argo-events, argo-workflows)``."""
    on = set(enabled)
    return [(name, *path) for name in sorted(on) for path in _missing(name, on, needs)]


def _missing(name: str, on: set[str], needs: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for needed in needs.get(name, ()):
        if needed not in on:
            found.append((needed,))
            found += [(needed, *rest) for rest in _missing(needed, on, needs)]
    return found


def with_implied(components: Mapping[str, Any]) -> dict[str, Any]:
    """``components`` of a deployment file (name → settings, None where not listed), what is implied switched on."""
    found = dict(components)
    for name, settings in components.items():
        for implied in IMPLIED.get(name, ()) if settings and settings["enabled"] else ():
            if found.get(implied) is None:
                found[implied] = {"enabled": True}
    return found
