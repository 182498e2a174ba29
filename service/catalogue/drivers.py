"""Which lines of the strategic plan the calls serve, read beside serving and a few at a time.

Each call is read as ``remix tags`` reads it, which takes a while where there are thousands: until all are read,
``CatalogueView.drivers`` is None. What was read of a text is remembered; people's words are laid over it.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from matcher.encoder import Encoder
from matcher.errors import EncoderError
from matcher.records import FundingCall
from matcher.strategy import CODES, DRIVER, Override, text_to_tag
from matcher.tagger import Tagger
from matcher.tagger_files import load_tagger
from service.catalogue.view import CatalogueView, Mask
from service.database import reading
from service.work.tags import overrides_of

AT_ONCE, IN_PASSING = 64, 8
"""Calls read before whoever reads them looks at the database again, about a second where none was read before; and
before new ones are served."""
Row = NDArray[np.bool_]


class CallDrivers:
    """Reads the calls of the newest view; used by one thread."""

    def __init__(self) -> None:
        self._view: CatalogueView | None = None
        self._texts: list[str] = []
        self._keys: list[bytes] = []
        self._read: dict[bytes, Row] = {}

    def advance(self, view: CatalogueView, encoder: Encoder, engine: Engine, most: int = AT_ONCE) -> bool:
        """Read the next calls of a view, at most so many; returns whether there are more to read."""
        if view.drivers is not None:
            return False
        if view is not self._view:
            self._texts = [text_to_tag(call) for call in view.catalogue.calls]
            self._keys = [sha256(text.encode()).digest() for text in self._texts]
            self._view = view
        missing = {key: text for key, text in zip(self._keys, self._texts, strict=True) if key not in self._read}
        tagger = _tagger(encoder)
        some = dict(list(missing.items())[: most if tagger else None])
        if some:
            rows = (
                tagger.given(list(some.values()), encoder.encode_documents, DRIVER) if tagger else _nothing(len(some))
            )
            self._read |= dict(zip(some, rows, strict=True))
        if len(missing) > len(some):
            return True
        self._finish(view, engine)
        return False

    def _finish(self, view: CatalogueView, engine: Engine) -> None:
        calls = view.catalogue.calls
        with reading(engine) as session:
            said = overrides_of(session, "calls", [call.id for call in calls])
        self._read = {key: self._read[key] for key in self._keys}
        rows = np.array([self._read[key] for key in self._keys], dtype=np.bool_).reshape(len(calls), len(CODES[DRIVER]))
        view.drivers = _overridden(rows, calls, said)
        self._view, self._texts = None, []


def _tagger(encoder: Encoder) -> Tagger | None:
    """Return the model; None where it does not know the encoder."""
    tagger = load_tagger()
    try:
        tagger.check(encoder)
    except EncoderError:
        return None
    return tagger


def _nothing(n_calls: int) -> Row:
    return np.zeros((n_calls, len(CODES[DRIVER])), dtype=np.bool_)


def _overridden(rows: Row, calls: Sequence[FundingCall], said: Mapping[str, Sequence[Override]]) -> Mask:
    codes = CODES[DRIVER]
    for position, call in enumerate(calls):
        for one in said.get(call.id, ()):
            if one.scheme == DRIVER:
                rows[position, codes.index(one.code)] = one.present
    return rows
