"""Passwords: which are accepted, and how they are kept (argon2id) and compared.

    check_password(password, email) ──► InvalidError, or hash_password(password) ──► verify(hash, password)

Hashing takes some 30 ms and 19 MiB: call it outside transactions; at most ``AT_ONCE`` run at a time.
"""

import re
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import InvalidError

SHORTEST, LONGEST = 12, 200
AT_ONCE = 2
"""How many passwords are hashed at the same time: more would only fill the memory."""
COMMON = frozenset(
    """password passwordpassword passw0rd parola parolachiave paroladordine segreta segretissima chiaveaccesso
    amministratore administrator admin adminadmin utente utenteutente benvenuto benvenuta benvenuti welcome cambiami
    cambiamisubito letmein letmeinplease iloveyou tiamo tiamotanto amoremio qwerty qwertyuiop qwertyqwerty asdfghjkl
    qwertyuiopasdfghjkl zxcvbnm comune municipio comunedimilano cittametropolitana milano juventus forzamilan
    forzainter forzajuve napolicalcio campionidelmondo buongiorno ciaociao francesca alessandro giuseppe andrea
    principessa farfalla stellina superman batman dragon monkey football baseball sunshine princess trustno
    correcthorsebatterystaple abcdefghijkl abcdefghijklm abcabcabcabc remix remixremix""".split()
)
"""Stems of passwords that are guessed first: what is left of one without its digits and signs must not be here."""

# OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turn = BoundedSemaphore(AT_ONCE)


def check_password(password: str, email: str, field: str = "password") -> None:
    """Raise InvalidError, naming ``field``, for a password that is too short, too long, common, or the e-mail."""
    plain = _normal(password).casefold()
    if len(plain) < SHORTEST:
        raise InvalidError(field, f"a password has at least {SHORTEST} characters: a short sentence is easy to keep")
    if len(password) > LONGEST:
        raise InvalidError(field, f"a password has at most {LONGEST} characters")
    name, _, domain = email.casefold().partition("@")
    if plain in (email.casefold(), name, domain) or _stem(plain) in (_stem(name), _stem(domain)):
        raise InvalidError(field, "a password is not the e-mail address: choose words that nobody connects with it")
    if _stem(plain) in COMMON or len(set(plain)) < 5 or plain in "0123456789" * 4:
        raise InvalidError(field, "this password is among the first that are guessed: choose some unrelated words")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and parameters."""
    with _turn:
        return _hasher.hash(_normal(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; without a hash, as much work is done and the answer is no."""
    kept = password_hash or _nobody()
    with _turn:
        try:
            _hasher.verify(kept, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobody() -> str:
    return _hasher.hash("the password of nobody")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _stem(words: str) -> str:
    """Return the letters that are left without what people put around and into a common word."""
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", words)
    return re.sub(r"[^a-z]", "", core.translate(_INSTEAD_OF_LETTERS)) or words


_INSTEAD_OF_LETTERS = str.maketrans("013457@$!", "oieastasi")
