"""What is kept or handed out encrypted: one key per purpose, each derived from the service's secret key.

Whoever reads the database alone learns no second factor; a changed secret key makes all of it unreadable, never wrong.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Vault:
    """Seals and opens texts with keys that are derived from one secret (HKDF-SHA256, RFC 5869; Fernet)."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key.encode()

    def seal(self, purpose: str, text: str) -> str:
        """Return a text encrypted and signed; only the same purpose opens it."""
        return self._fernet(purpose).encrypt(text.encode()).decode()

    def unseal(self, purpose: str, sealed: str, life_s: int | None = None) -> str | None:
        """Return a sealed text; None for one that was changed, has another purpose, or is older than ``life_s``."""
        try:
            return self._fernet(purpose).decrypt(sealed.encode(), ttl=life_s).decode()
        except InvalidToken:
            return None

    def mark(self, purpose: str, text: str) -> str:
        """Return the HMAC-SHA256 of a text, 64 hex digits: for secrets so short that a plain hash could be tried."""
        return hmac.new(self._key(purpose), text.encode(), sha256).hexdigest()

    def _fernet(self, purpose: str) -> Fernet:
        return Fernet(urlsafe_b64encode(self._key(purpose)))

    def _key(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=f"remix {purpose}".encode()).derive(self._secret)
