"""Tries of everything that could be guessed, counted per client address and per thing tried.

A try is committed before it is answered: breaking off a request, or making many at once, wins nothing.
"""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.accounts import throttle
from service.database import writing

PER_ACCOUNT = throttle.Limit(free=5, longest=timedelta(minutes=5))
PER_ADDRESS = throttle.Limit(free=30, longest=timedelta(minutes=15))
"""A town hall has one address for many people, and an attacker one address for many accounts."""


def count_try(engine: Engine, address: str, key: str = "", limit: throttle.Limit = PER_ACCOUNT) -> None:
    """Count a try of ``key`` (none where it is "") from a client's address; raises TooManyError if either pauses."""
    with writing(engine) as session:
        throttle.take(session, _address_key(address), PER_ADDRESS)
        if key:
            throttle.take(session, key, limit)


def forgive(session: Session, address: str, key: str = "") -> None:
    """Forget the tries of ``key``, and of an address the last one: it went well."""
    throttle.give_back(session, _address_key(address))
    if key:
        throttle.clear(session, key)


def account_key(email: str) -> str:
    """Return the key of an account's password, whether or not there is such an account."""
    return f"account:{email.strip().lower()}"


def _address_key(address: str) -> str:
    """Return the key of what one attacker holds: an IPv4 address, or the /64 that every IPv6 client has of its own."""
    try:
        known = ip_address(address)
    except ValueError:
        return f"address:{address}"
    return f"address:{known if known.version == 4 else ip_network(f'{known}/64', strict=False)}"
