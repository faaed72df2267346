"""What Alloy is told to scrape of the components: one target for each pod of a row with metrics. Pure.

Written in Alloy's own language, as an addition to what the chart writes (k8s-monitoring, ``extraConfig``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from config.deployment import Deployment
from constructs_lib.components.component import Component
from constructs_lib.components.pods import Pods
from constructs_lib.helm.blocks import Text
from constructs_lib.telemetry.kept import kept
from constructs_lib.telemetry.series import scraped

# A label of a pod becomes a label of its target (Prometheus documentation, kubernetes_sd_config, role pod).
_POD_LABEL = "__meta_kubernetes_pod_label_"
_INTERVAL = "60s"


def configuration(deployment: Deployment, components: Mapping[str, Component], destination: str) -> Text:
    """Blocks that scrape ``components``, those that are on, and send to the chart's ``destination`` of metrics."""
    found = list(scraped(deployment, components))
    namespaces = sorted({component.namespace for component, _ in found})
    parts = [_DISCOVERY % json.dumps(namespaces)]
    parts += [_row(component, row, destination) for component, row in found]
    return Text("\n".join(parts))


_DISCOVERY = """// Metrics of the platform's components: from their registry.
discovery.kubernetes "components" {
\trole = "pod"
\tnamespaces {
\t\tnames = %s
\t}
}"""


def _row(component: Component, row: Pods, destination: str) -> str:
    name = re.sub(r"[^a-z0-9]", "_", f"{component.name}_{row.name}")
    labels = sorted(row.labels.items())
    names = ["__meta_kubernetes_namespace", "__meta_kubernetes_pod_phase", *(_meta(key) for key, _ in labels)]
    values = [component.namespace, "Running", *(value for _, value in labels)]
    metrics = "|".join(kept(component.name, row.name))
    return "\n".join(
        (
            f'discovery.relabel "{name}" {{',
            "\ttargets = discovery.kubernetes.components.targets",
            *_rule(source_labels=names, regex=";".join(each.replace(".", r"\.") for each in values), action="keep"),
            # Every container port is a target of its own; with one address they are one.
            *_rule(
                source_labels=["__meta_kubernetes_pod_ip"], target_label="__address__", replacement=f"$1:{row.metrics}"
            ),
            *_rule(source_labels=["__meta_kubernetes_namespace"], target_label="namespace"),
            *_rule(source_labels=["__meta_kubernetes_pod_name"], target_label="pod"),
            *_rule(target_label="job", replacement=f"{component.name}/{row.name}"),
            "}",
            f'prometheus.scrape "{name}" {{',
            f"\ttargets         = discovery.relabel.{name}.output",
            f"\tforward_to      = [prometheus.relabel.{name}.receiver]",
            f'\tscrape_interval = "{_INTERVAL}"',
            # Labels of the metric itself win: they name what it is about, those of the target who says it.
            "\thonor_labels    = true",
            "\tclustering {",
            "\t\tenabled = true",
            "\t}",
            "}",
            f'prometheus.relabel "{name}" {{',
            f"\tforward_to = [prometheus.remote_write.{destination}.receiver]",
            *_rule(source_labels=["__name__"], regex=metrics, action="keep"),
            "}",
        )
    )


def _meta(label: str) -> str:
    return _POD_LABEL + re.sub(r"[^a-zA-Z0-9_]", "_", label)


def _rule(**arguments: str | list[str]) -> list[str]:
    width = max(map(len, arguments))
    lines = [f"\t\t{key:<{width}} = {json.dumps(value)}" for key, value in arguments.items()]
    return ["\trule {", *lines, "\t}"]
