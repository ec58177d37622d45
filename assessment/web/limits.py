"""Limits on one client, kept in the memory of each process: cheap, and no matter if forgotten.

What must hold over processes and restarts is counted in the database (services/limits.py).
"""

from ipaddress import IPv6Address, ip_address

from flask import Blueprint, Flask, request
from flask_limiter import Limiter

# A council's people may share one address of the internet.
MAX_SIGN_INS = "60 per 15 minutes"
MAX_VERIFIED = "60 per 15 minutes"
MAX_OPEN_DATA = "300 per minute"
# A network of IPv6 is given out whole: whoever has one has 2^64 addresses.
NETWORK_BITS = 64


def set_up_limits(app: Flask, sign_in: Blueprint, verifying: Blueprint, data: Blueprint) -> None:
    """Limit what one client may ask of the pages that cost most."""
    limiter = Limiter(client_network, app=app)
    limiter.limit(MAX_SIGN_INS, methods=["POST"])(sign_in)
    limiter.limit(MAX_VERIFIED, methods=["POST"])(verifying)
    limiter.limit(MAX_OPEN_DATA)(data)


def client_network() -> str:
    """Return what a client is known by: its address, of IPv6 its network."""
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 (a name for nobody)
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    bits = 128 - NETWORK_BITS
    return f"{IPv6Address(int(address) >> bits << bits)}/{NETWORK_BITS}"
