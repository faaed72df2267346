"""The rows behind the security group rules."""

from __future__ import annotations

import pytest

from constructs_lib.eks.ports import CONTROL_PLANE_TO_NODES, node_egress


def test_the_control_plane_reaches_kubelets_and_webhooks_only() -> None:
    assert [port.number for port in CONTROL_PLANE_TO_NODES] == [443, 9443, 10250, 10251]
    assert all(port.reason for port in CONTROL_PLANE_TO_NODES)


@pytest.mark.parametrize("nat", ["single", "per_az"])
def test_with_nat_nodes_reach_the_internet_by_https(nat: str) -> None:
    rows = {row.name: row for row in node_egress("10.100.0.0/16", nat)}  # type: ignore[arg-type]
    assert (rows["internet"].cidr, rows["internet"].port) == ("0.0.0.0/0", 443)


def test_without_nat_only_the_vpc_and_s3_are_reached() -> None:
    rows = {row.name: row.cidr for row in node_egress("10.100.0.0/16", "none")}
    assert rows == {"vpc": "10.100.0.0/16", "s3": None}
