"""Secrets that are handed out once, and the hashes that are kept of them."""

import hmac
import secrets
from hashlib import sha256

SECRET_BYTES = 32
"""256 random bits: too many to guess, so a plain hash keeps them (OWASP Session Management Cheat Sheet asks for 64)."""


def new_secret() -> str:
    """Return a new secret, 43 characters of the URL alphabet."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """Return the SHA-256 of a secret, 64 hex digits: what the database keeps."""
    return sha256(secret.encode()).hexdigest()


def public_id(secret_hash: str) -> str:
    """Return 24 hex digits that name a row whose key is a hash, and from which the hash cannot be found."""
    return sha256(b"public " + secret_hash.encode()).hexdigest()[:24]


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
