"""Limits on one client, kept in the memory of each process: cheap, and no matter if forgotten.

What must hold over processes and restarts is counted in the database (services/limits.py).
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import Blueprint, Flask, request
from flask_limiter import Limiter

# A council's people may share one address of the internet.
MAX_SIGN_INS = "60 per 15 minutes"
MAX_VERIFIED = "60 per 15 minutes"
MAX_OPEN_DATA = "300 per minute"
# A network of IPv6 is given out whole: whoever has one has 2^64 addresses.
NETWORK_BITS = 64
# Clients whose address cannot be told are counted together.
UNKNOWN_CLIENT = "unknown"
# Some proxies name the port as well.
WITH_PORT = re.compile(r"\[([^\]]*)\](?::[0-9]+)?|([0-9.]+):[0-9]+")


def set_up_limits(app: Flask, sign_in: Blueprint, verifying: Blueprint, data: Blueprint) -> None:
    """Limit what one client may ask of the pages that cost most."""
    limiter = Limiter(client_network, app=app)
    limiter.limit(MAX_SIGN_INS, methods=["POST"])(sign_in)
    limiter.limit(MAX_VERIFIED, exempt_when=_checks_no_code)(verifying)
    limiter.limit(MAX_OPEN_DATA)(data)


def _checks_no_code() -> bool:
    """Return whether a request only asks for the form, and not what a code is of."""
    return request.method != "POST" and "code" not in request.args


def client_network() -> str:
    """Return what a client is known by: its address, of IPv6 its network."""
    address = _read_address(request.remote_addr or "")
    if not isinstance(address, IPv6Address):
        return UNKNOWN_CLIENT if address is None else str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    bits = 128 - NETWORK_BITS
    return f"{IPv6Address(int(address) >> bits << bits)}/{NETWORK_BITS}"


def _read_address(written: str) -> IPv4Address | IPv6Address | None:
    """Return an address as a server or proxy writes it; None where it is none."""
    found = WITH_PORT.fullmatch(written)
    try:
        return ip_address(found[1] or found[2] or "" if found else written)
    except ValueError:
        return None
