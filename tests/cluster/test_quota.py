"""Quotas count what is used and refuse what goes over, by the real controller and the real admission."""

from __future__ import annotations

import pytest

from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.objects import pod, quota

pytestmark = pytest.mark.cluster


@pytest.fixture
def namespace(cluster: Cluster, fresh_namespace: str) -> str:
    """A namespace with room for two pods and one core, whose quota has been counted once."""
    cluster.apply(quota({"pods": "2", "requests.cpu": "1"}), namespace=fresh_namespace)
    nothing = {"pods": "0", "requests.cpu": "0"}
    cluster.until(lambda: used(cluster, fresh_namespace) == nothing, "count of an empty namespace")
    return fresh_namespace


def used(cluster: Cluster, namespace: str) -> dict[str, str]:
    found: dict[str, str] = cluster.get("resourcequota", "quota", namespace).get("status", {}).get("used", {})
    return found


def test_use_is_counted_and_given_back(cluster: Cluster, namespace: str) -> None:
    cluster.create(pod("a", cpu="300m"), pod("b", cpu="200m"), namespace=namespace)
    cluster.until(lambda: used(cluster, namespace) == {"pods": "2", "requests.cpu": "500m"}, "count of two pods")
    cluster.delete("pod", "a", namespace=namespace)
    cluster.until(lambda: used(cluster, namespace) == {"pods": "1", "requests.cpu": "200m"}, "count of the pod left")


def test_what_goes_over_is_refused_with_the_numbers(cluster: Cluster, namespace: str) -> None:
    cluster.create(pod("a", cpu="800m"), namespace=namespace)
    with pytest.raises(Refused) as refusal:
        cluster.create(pod("b", cpu="300m"), namespace=namespace)
    assert (
        "exceeded quota: quota, requested: requests.cpu=300m, used: requests.cpu=800m, limited: requests.cpu=1"
        in str(refusal.value)
    )


def test_a_pod_without_requests_is_refused_where_they_are_counted(cluster: Cluster, namespace: str) -> None:
    with pytest.raises(Refused, match="must specify requests.cpu"):
        cluster.create(pod("a"), namespace=namespace)
