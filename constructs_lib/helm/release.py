"""A Helm release: pinned chart, readable values beside the JSON, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdktf_cdktf_provider_helm.release import Release

from config.versions import CHARTS
from constructs_lib.engine import TerraformResource
from constructs_lib.helm.charts import local_chart
from constructs_lib.helm.hcl import yaml_of
from constructs_lib.naming import address
from constructs_lib.stack import PlatformStack

DEFAULT_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class ReleaseProps:
    """One release. ``values`` is the text of its values file, written to ``values/<name>.yaml``.

    ``from_other_stacks`` holds the few values that only remote state knows; they override the file's. ``chart`` names a
    chart of ``config.versions``, or, with ``local``, a directory of ``charts/``; by default it is the release's name.
    ``skip_crds`` leaves the chart's ``crds/`` folder alone, where another release owns the definitions.
    ``timeout_seconds`` bounds each of install, upgrade and uninstall.
    """

    name: str
    namespace: str
    values: str
    chart: str | None = None
    local: bool = False
    from_other_stacks: Mapping[str, Any] = field(default_factory=dict)
    skip_crds: bool = False
    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    depends_on: Sequence[TerraformResource] = ()


def release(stack: PlatformStack, props: ReleaseProps) -> Release:
    """Add ``helm_release.<name>`` and its files. Raises KeyError where no version is pinned for the chart.

    With ``wait`` Helm also waits on uninstall until what it deleted is gone, finalizers included (Helm documentation,
    "helm uninstall", --wait; the provider passes it on).
    """
    source = _source(stack, props.chart or props.name, local=props.local)
    stack.asset(f"values/{props.name}.yaml", props.values)
    values = [f'${{file("${{path.module}}/values/{props.name}.yaml")}}']
    if props.from_other_stacks:
        values.append(yaml_of(props.from_other_stacks))
    return stack.add(
        Release,
        address(props.name),
        name=props.name,
        namespace=props.namespace,
        chart=source.chart,
        repository=source.repository,
        version=source.version,
        values=values,
        # A failed release is rolled back, and a failed first install leaves nothing that would hold the name.
        atomic=True,
        cleanup_on_fail=True,
        wait=True,
        wait_for_jobs=True,
        timeout=props.timeout_seconds,
        max_history=5,
        skip_crds=props.skip_crds,
        depends_on=list(props.depends_on) or None,
    )


@dataclass(frozen=True, kw_only=True)
class _Source:
    chart: str
    version: str
    repository: str | None = None


def _source(stack: PlatformStack, chart: str, *, local: bool) -> _Source:
    if local:
        found = local_chart(chart)
        for path, text in found.files.items():
            stack.asset(path, text)
        return _Source(chart=f"./charts/{chart}", version=found.version)
    pinned = CHARTS[chart]
    return _Source(chart=chart, version=pinned.version, repository=pinned.repository)
