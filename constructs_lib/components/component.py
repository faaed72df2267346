"""What a component is: data, and a values template. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from config.deployment import Deployment
from config.requirements import REQUIRES
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.components.pods import Pods
from constructs_lib.naming import Naming


class Foundation(Protocol):
    """What only the stacks below can name, as references. Each makes the component's stack read that stack."""

    @property
    def zone_id(self) -> str: ...
    @property
    def data_key_arn(self) -> str: ...
    @property
    def database_endpoint(self) -> str: ...


Context = Callable[[Deployment, Naming], Mapping[str, Any]]
FromOtherStacks = Callable[[Foundation], Mapping[str, Any]]


def _nothing(_deployment: Deployment, _naming: Naming) -> Mapping[str, Any]:
    return {}


def _no_references(_foundation: Foundation) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image that the chart runs, under the name that the values template uses.

    ``upstream`` is registry and repository as a cache knows them: official images of Docker Hub are
    ``docker.io/library/<name>``. ``tag`` is the one that the chart's version pins.
    """

    name: str
    upstream: str
    tag: str


@dataclass(frozen=True, kw_only=True)
class SyncedSecret:
    """A Kubernetes Secret ``name`` in the component's namespace, of the secret ``path`` (``db/backstage``).

    ``keys`` maps its keys to properties of the stored JSON; without any all properties are taken over. ``literals`` are
    further keys, with ``{{ .property }}`` for what is stored. ``labels`` are those of the Secret.
    """

    name: str
    path: str
    keys: Mapping[str, str] = field(default_factory=dict)
    literals: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A further backend of the host: requests that match ``conditions`` go to ``service``, before all others.

    Conditions are those of the load balancer controller's annotation ``conditions.<service>``.
    """

    service: str
    port: int
    conditions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Host:
    """The component's address, ``domain`` of the deployment file, on the load balancer of its exposure.

    ``pods`` names the row that answers, at ``target_port``; ``service`` and ``port`` are the Service in front of it.
    ``health_path`` must answer ``success_codes``.
    """

    pods: str
    service: str
    port: int
    target_port: int
    health_path: str
    success_codes: str = "200"
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServerCertificate:
    """A certificate in Secret ``name`` of the component's namespace, where load balancers speak TLS to pods.

    It is valid for the names of ``services``, for ``names`` and, with ``host``, for the component's address.
    """

    name: str
    services: tuple[str, ...]
    names: tuple[str, ...] = ()
    host: bool = False


@dataclass(frozen=True, kw_only=True)
class OwnChart:
    """A chart of ``charts/`` that the component's stack releases, ``before`` or ``after`` the component's own.

    Its values come from the template of its name, with the same variables as the component's.
    """

    name: str
    order: Literal["before", "after"] = "after"
    from_other_stacks: FromOtherStacks = _no_references
    when: Callable[[Deployment], bool] = field(default=lambda _deployment: True)


@dataclass(frozen=True, kw_only=True)
class Component:
    """One platform capability. ``name`` is its key in ``deployment:components``, its stack's and its release's name.

    ``chart`` is a key of ``config.versions.CHARTS``. ``identities`` are rows of the table of workload identities.
    ``after`` names components that, being on, are installed first, beyond those required. ``context`` gives the values
    templates further variables; ``from_other_stacks`` the values that only remote state knows.
    ``timeout_seconds`` bounds each Helm operation.
    """

    name: str
    purpose: str
    chart: str
    pods: tuple[Pods, ...]
    images: tuple[Image, ...] = ()
    identities: tuple[str, ...] = ()
    secrets: tuple[SyncedSecret, ...] = ()
    host: Host | None = None
    certificates: tuple[ServerCertificate, ...] = ()
    after: tuple[str, ...] = ()
    own_charts: tuple[OwnChart, ...] = ()
    context: Context = _nothing
    from_other_stacks: FromOtherStacks = _no_references
    timeout_seconds: int = 600

    @property
    def namespace(self) -> str:
        return NAMESPACES[self.name].name

    @property
    def requires(self) -> tuple[str, ...]:
        """Components without which this one doesn't work (``config.requirements``)."""
        return REQUIRES[self.name]

    def row(self, pods: str) -> Pods:
        """The row ``pods``. Raises KeyError where there is none."""
        return {each.name: each for each in self.pods}[pods]

    def running(self, deployment: Deployment) -> tuple[Pods, ...]:
        """The rows that ``deployment`` has."""
        return tuple(each for each in self.pods if each.when(deployment))
