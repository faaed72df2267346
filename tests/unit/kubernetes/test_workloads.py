"""Stand-ins of third-party pods take all they have from our values."""

from __future__ import annotations

import pytest

from tests.kubernetes.workloads import Workload

WORKLOAD = Workload(
    name="x",
    labels={"app": "x"},
    replicas="controller.replicas",
    under="controller",
    containers={"main": "controller.resources"},
    own={"priorityClassName": "high", "tolerations": [{"key": "theirs"}]},
)
RESOURCES = {"requests": {"cpu": "1", "memory": "1Gi"}}


def test_our_values_win_over_the_charts_own() -> None:
    made = WORKLOAD.manifest({"controller": {"replicas": 2, "resources": RESOURCES, "tolerations": [{"key": "ours"}]}})
    assert made["spec"]["replicas"] == 2
    pod = made["spec"]["template"]["spec"]
    assert pod["tolerations"] == [{"key": "ours"}]
    assert pod["priorityClassName"] == "high"
    assert pod["containers"][0]["resources"] == RESOURCES


@pytest.mark.parametrize(
    ("controller", "said"),
    [
        ({"replicas": 1, "resources": {"requests": {"cpu": "1"}}}, "requests no memory"),
        ({"replicas": 1}, "state no controller.resources"),
        ({"resources": RESOURCES}, "state no controller.replicas"),
    ],
)
def test_what_values_leave_open_is_an_error(controller: dict[str, object], said: str) -> None:
    with pytest.raises(LookupError, match=said):
        WORKLOAD.manifest({"controller": controller})
