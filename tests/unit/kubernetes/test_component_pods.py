"""Pods of components as objects say what the registry's rows say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.pods import number, placed
from constructs_lib.components.registry import enabled
from tests.kubernetes.component_pods import WORKLOAD, daemons, of_charts, of_rows, platform_nodes, replicas
from tests.kubernetes.releases import Release

JOB = {
    "kind": "Job",
    "metadata": {"name": "x", "namespace": "argocd"},
    "spec": {
        "template": {
            "metadata": {"labels": {"app": "x"}},
            "spec": {
                "nodeSelector": {"platform/pool": "platform"},
                "serviceAccountName": "x",
                "containers": [{"name": "x", "image": "x", "resources": {"requests": {"cpu": "1"}}, "args": ["x"]}],
            },
        }
    },
}


class Rendered(Release):
    """A release of ours that renders ``values["objects"]``."""

    def manifests(self, minor: str) -> list[dict[str, Any]]:
        del minor
        return list(self.values["objects"])


def rendered(*objects: dict[str, Any]) -> Rendered:
    values = {"objects": objects}
    return Rendered(stack="s", directory=Path(), name="r", namespace="argocd", chart="./x", local=True, values=values)


def test_each_row_with_pods_is_a_workload(everything_on: Deployment) -> None:
    made = {each["metadata"]["name"]: each for each in of_rows(everything_on, "n")}
    for component in enabled(everything_on).values():
        for row in component.running(everything_on):
            found = made.pop(f"{component.name}-{row.name}", None)
            count = number(row.replicas, everything_on)
            if found is None:
                assert (count, row.kind) == (0, "Job")
                continue
            pod = found["spec"]["template"]["spec"]
            seen = placed(row, everything_on)
            assert replicas(found, nodes=7) == (7 if row.kind == "DaemonSet" else count)
            assert {each["name"]: each["resources"] for each in pod["containers"]} == seen.containers
            assert pod["tolerations"] == seen.placement["tolerations"]
            assert pod["priorityClassName"] == row.priority
            assert ("affinity" in pod) == row.one_per_node
    assert made == {}


def test_agents_with_a_row_are_not_counted_twice() -> None:
    assert {each.name for each in daemons()} == {"aws-node", "kube-proxy", "eks-pod-identity-agent", "ebs-csi-node"}


def test_the_pools_nodes_are_of_its_smallest_type(deployment_with: Callable[..., Deployment]) -> None:
    pool = {"name": "platform", "instanceTypes": ["m6a.xlarge", "t3a.large"], "limits": {"nodes": 9}}
    shape, limit = platform_nodes(deployment_with({"deployment:karpenter:pools": [pool]}))
    assert (shape.instance_type, limit) == ("t3a.large", 9)
    assert shape.labels["platform/pool"] == shape.taints[0]["value"] == "platform"


def test_pods_of_our_own_charts_keep_what_the_scheduler_looks_at(everything_on: Deployment) -> None:
    (found,) = of_charts([rendered(JOB)], everything_on, "n", "1.34")
    pod = found["spec"]["template"]["spec"]
    assert pod["nodeSelector"] == {"platform/pool": "platform"}
    assert pod["containers"][0]["resources"] == {"requests": {"cpu": "1"}}
    assert "serviceAccountName" not in pod
    assert found["spec"]["selector"]["matchLabels"].items() <= found["spec"]["template"]["metadata"]["labels"].items()
    assert found["spec"]["selector"]["matchLabels"][WORKLOAD] == found["metadata"]["name"]


def test_pods_elsewhere_or_of_a_row_are_left_out(everything_on: Deployment) -> None:
    in_team = {**JOB, "metadata": {"name": "x", "namespace": "team-a"}}
    other_pool = _with(JOB, "spec", nodeSelector={"platform/pool": "builds"})
    of_row = _with(JOB, "metadata", labels={"app": "reloader", "release": "reloader"})
    assert of_charts([rendered(in_team, other_pool, of_row)], everything_on, "n", "1.34") == []


def _with(job: dict[str, Any], part: str, **changes: Any) -> dict[str, Any]:
    template = job["spec"]["template"]
    return {**job, "spec": {"template": {**template, part: {**template[part], **changes}}}}
