"""The network address of a client, as the key of its rate limits."""

import ipaddress
from typing import Final

from starlette.requests import HTTPConnection

IPV6_PREFIX: Final = 64
"""One subscriber has at least this network, and may use any address of it: RFC 6177, 2."""


def address_of(connection: HTTPConnection) -> str:
    """Return the client's IPv4 address or its IPv6 network, or "" if the address is unknown."""
    return network_of(connection.client.host) if connection.client else ""


def network_of(address: str) -> str:
    """Return an IPv4 address as it is and the /64 network of an IPv6 address; others unchanged."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, IPV6_PREFIX), strict=False))
