"""Entries of ``allowedEgress``: CIDRs and domain names. Pure."""

from __future__ import annotations

import ipaddress

_ANY_LABEL = "*."


def is_cidr(way: str) -> bool:
    """Whether an entry is a CIDR; it is a name otherwise."""
    try:
        ipaddress.IPv4Network(way)
    except ValueError:
        return False
    return True


def covers(wide: str, way: str) -> bool:
    """Whether the entry ``wide`` admits all that ``way`` does: ``*.example.com`` covers ``a.b.example.com``.

    Network Firewall takes ``example.com`` itself for one of ``*.example.com``, DNS Firewall doesn't; so it isn't here.
    """
    if is_cidr(wide) and is_cidr(way):
        return ipaddress.IPv4Network(way).subnet_of(ipaddress.IPv4Network(wide))
    return wide.startswith(_ANY_LABEL) and way.removeprefix(_ANY_LABEL).endswith(wide[1:])
