"""Namespaces go with what is in them; Pod Security is enforced where a label says so."""

from __future__ import annotations

import pytest

from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.objects import pod

pytestmark = pytest.mark.cluster


def test_deletion_completes_with_pods_and_settings_inside(cluster: Cluster) -> None:
    cluster.make_namespace("going")
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"b": "c"}}
    cluster.create(settings, pod("a"), namespace="going")
    cluster.delete("namespace", "going")
    assert "going" not in cluster.names("namespaces")


@pytest.mark.parametrize(
    ("level", "security", "said"),
    [
        ("restricted", {}, "allowPrivilegeEscalation != false"),
        ("restricted", {"privileged": True}, "privileged"),
        ("baseline", {"privileged": True}, "privileged"),
    ],
)
def test_a_pod_beyond_the_level_is_refused(
    cluster: Cluster, level: str, security: dict[str, object], said: str
) -> None:
    name = f"level-{level}"
    cluster.make_namespace(name, {"pod-security.kubernetes.io/enforce": level})
    with pytest.raises(Refused, match=f'violates PodSecurity "{level}:latest".*{said}'):
        cluster.try_out(pod("a", security), namespace=name)
    cluster.try_out(pod("a"), namespace=name)


def test_a_privileged_pod_is_taken_where_the_level_allows(cluster: Cluster) -> None:
    cluster.make_namespace("level-privileged", {"pod-security.kubernetes.io/enforce": "privileged"})
    cluster.try_out(pod("a", {"privileged": True}), namespace="level-privileged")
