"""Sets of ports."""

from __future__ import annotations

import pytest

from constructs_lib.reachability.ports import EVERY_PORT, NO_PORT, Ports, of_rule, ports


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (ports(443), "TCP 443"),
        (ports(0), "TCP 0"),
        (ports(1, 65535), "TCP 1-65535"),
        (ports(53) | ports(53, protocol="UDP"), "TCP 53; UDP 53"),
        (ports(80) | ports(8000, 8010) | ports(81), "TCP 80-81, 8000-8010"),
        (ports(65535, protocol="SCTP"), "SCTP 65535"),
        (EVERY_PORT, "every port"),
        (NO_PORT, "no port"),
    ],
)
def test_a_set_reads_as_people_write_it(found: Ports, text: str) -> None:
    assert str(found) == text


def test_the_same_number_of_another_protocol_is_another_port() -> None:
    assert not ports(53) & ports(53, protocol="UDP")
    assert ("UDP", 53) in ports(53, protocol="UDP")
    assert ("TCP", 53) not in ports(53, protocol="UDP")


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        (None, "every port"),
        ([], "every port"),
        ([{"port": 80}], "TCP 80"),
        ([{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}], "TCP 53; UDP 53"),
        ([{"port": 1, "endPort": 65535}], "TCP 1-65535"),
        ([{"protocol": "UDP"}], "UDP 0-65535"),
    ],
)
def test_ports_of_a_rule(stated: list[dict[str, object]] | None, text: str) -> None:
    assert str(of_rule(stated)) == text


def test_a_named_port_is_refused() -> None:
    with pytest.raises(ValueError, match="'https' is a name"):
        of_rule([{"port": "https"}])
