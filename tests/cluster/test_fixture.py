"""The test cluster itself: what its answers can be trusted for."""

from __future__ import annotations

import pytest

from config.capacity import BASE_DAEMONS
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.control_plane import SERVICE_CIDR
from tests.kubernetes.nodes import Shape, remove, running, unplaced
from tests.kubernetes.objects import pod
from tools import versions

pytestmark = pytest.mark.cluster

ZONES = ("a", "b")
SHAPE = Shape(
    pool="probe",
    instance_type="t3a.medium",
    max_pods=29,
    taints=[{"key": "probe", "value": "true", "effect": "NoSchedule"}],
)
TOLERATION = {"key": "probe", "operator": "Exists"}


def test_the_server_is_of_the_pinned_version(cluster: Cluster) -> None:
    assert f"Server Version: v{versions.KUBERNETES.rpartition('.')[0]}." in cluster.kubectl("version")


def test_services_get_addresses_of_the_platforms_range(cluster: Cluster) -> None:
    address = cluster.get("service", "kubernetes", "default")["spec"]["clusterIP"]
    assert address == SERVICE_CIDR.replace(".0/16", ".1")


def test_an_unknown_field_is_refused(cluster: Cluster) -> None:
    wrong = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}, "dta": {}}
    with pytest.raises(Refused, match='unknown field "dta"'):
        cluster.try_out(wrong)


def test_rights_follow_groups_and_resources(cluster: Cluster) -> None:
    assert cluster.can_i("someone", ["system:masters"], "delete", "pods", "default")
    assert cluster.can_i("someone", ["system:masters"], "create", "pods/exec", "default")
    assert not cluster.can_i("someone", ["nobody"], "get", "pods", "default")
    assert not cluster.can_i("someone", ["nobody"], "list", "nodes")


def test_daemons_run_on_every_node_and_go_with_it(cluster: Cluster) -> None:
    with running(cluster, SHAPE.nodes(ZONES, 2)):
        wanted = {(daemon.name, node) for daemon in BASE_DAEMONS for node in ("probe-0", "probe-1")}
        cluster.until(lambda: placed(cluster) == wanted, "daemon pods on both nodes")
        remove(cluster, ["probe-1"])
        left = {each for each in wanted if each[1] == "probe-0"}
        cluster.until(lambda: placed(cluster) == left, "daemon pods on one node only")
    assert not cluster.names("nodes")


def placed(cluster: Cluster) -> set[tuple[str, str]]:
    pods = cluster.items("pods", "kube-system")
    return {(pod["metadata"]["labels"]["app"], pod["spec"].get("nodeName", "")) for pod in pods}


def test_a_pod_goes_where_it_fits_and_is_tolerated(cluster: Cluster, fresh_namespace: str) -> None:
    small, large, other = pod("small", cpu="1"), pod("large", cpu="1931m"), pod("other", cpu="1m")
    for each in (small, large):
        each["spec"]["tolerations"] = [TOLERATION]
    with running(cluster, SHAPE.nodes(ZONES, 1)):
        cluster.create(small, large, other, namespace=fresh_namespace)
        cluster.until(lambda: len(reasons(cluster, fresh_namespace)) == 2, "two pods refused by the scheduler")
        found = reasons(cluster, fresh_namespace)
        assert "Insufficient cpu" in found["large"]
        assert "untolerated taint" in found["other"]
        assert cluster.get("pod", "small", fresh_namespace)["spec"]["nodeName"] == "probe-0"


def reasons(cluster: Cluster, namespace: str) -> dict[str, str]:
    lines = (each.split(": ", 1) for each in unplaced(cluster, namespace))
    return {name: why for name, why in lines if why}
