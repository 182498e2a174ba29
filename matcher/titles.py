"""What a call's title names, apart from which edition of it this is.

    "Voucher digitali 2024 – seconda edizione" ──► words (voucher, digital), edition {2024, ordinal 2}

Words are stems without what any call says (``matcher.stopwords``) and without the words of the instrument. A letter or
number that tells lines, lots and areas apart ("linea B", "spoke 5") is a word of its own: it makes another call.
"""

import re
from dataclasses import dataclass

from matcher.analyser import Analyser, fold
from matcher.stopwords import STOP_WORDS

_MONTHS = frozenset(
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
)
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "prima primo i 1° 1^",
            "seconda secondo ii bis 2° 2^",
            "terza terzo iii ter 3° 3^",
            "quarta quarto iv quater",
            *"v vi vii viii ix x xi xii xiii xiv xv".split(),
        ),
        start=1,
    )
    for word in words.split()
}
_ROUNDS = frozenset(
    "edizione annualita bando avviso finestra sessione sportello scadenza call semestre trimestre quadrimestre".split()
)
"""Words beside which an ordinal counts the rounds of one call."""
_EDITION_WORDS = _ROUNDS | frozenset("anno nuovo nuova riapertura proroga rinnovo".split())
_MARKED = frozenset(
    "linea tipo tipologia lotto ambito asse azione sezione misura intervento fase spoke area quota parte".split()
)
"""Words after which a letter or number tells one line of a programme from another."""
_WRITTEN_OR_NOT = frozenset("misura azione intervento".split())
"""Words that one portal writes before a measure's code and another leaves out."""
_SAYS_NOTHING = (STOP_WORDS - {"comuni", "non"}) | frozenset(
    """
    erogazione assegnazione selezione proposte proposta manifestazione interesse invito procedura procedure programma
    piano fondo perduto economico economici agevolazione agevolazioni incentivi incentivo aiuti aiuto sovvenzioni
    valere risorse ambito nonche soggetti adozione piattaforma criteri modalita accesso iniziativa iniziative imprese
    impresa mpmi beneficiari spese acquisizione individuazione ammissione pr fesr fse fse+ por locali pa anni ministero
    territoriale territoriali comunale comunali previsto previsti prevista previste fieristico fieristica fieristiche
    partecipazione provincia province favorire diretto diretti realizzare sostenute
    """.split()
)
_BODIES = re.compile(
    r"\bcamer[ae] di commercio(?:,? industria,? artigianato(?:,? e)? agricoltura)?\b|\bc\.?c\.?i\.?a\.?a\.?\b|"
    r"\bunioncamere\b|\bunione (?:delle )?camere\b|\buniversita'? degli studi\b|\b(?:provincia|regione) autonoma\b"
)
_PERIOD = re.compile(r"\b(?:20)?(?:07|14|21|23)\s?[-–/]\s?(?:20)?(?:13|20|22|23|27)\b")
_TOKEN = re.compile(r"\d+(?:\.\d+)+|\d+[°^]|[a-z0-9]+\+?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_CODE = re.compile(r"2[0-9][a-z]{2}|[a-z]{2}2[0-9]")
"""A chamber's own number of a call: "BI26", "24ht"."""
_PROVINCE_CODE = re.compile(r"\([a-z]{2}\)")
_SAME_WORDS = (("fse +", "fse+"), ("fvg", "friuli venezia giulia"), ("c.c.i.a.a.", " "))


@dataclass(frozen=True, slots=True)
class TitleRead:
    """A title taken apart: the stems that name the call in reading order, and what names its edition."""

    words: tuple[str, ...]
    edition: frozenset[str]


def read_title(title: str, analyser: Analyser) -> TitleRead:
    """Take a title apart; both parts are empty for a title that names nothing."""
    text = fold(title)
    for written, meant in _SAME_WORDS:
        text = text.replace(written, meant)
    for meaningless in (_BODIES, _PERIOD, _PROVINCE_CODE):
        text = meaningless.sub(" ", text)
    tokens = _TOKEN.findall(text)
    words: dict[str, None] = {}
    edition: set[str] = set()
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        if mark := _edition_mark(before, token, after):
            edition.add(mark)
        elif token not in _EDITION_WORDS and (word := _word(before, token, analyser)):
            words[word] = None
    return TitleRead(tuple(words), frozenset(edition))


def _edition_mark(before: str, token: str, after: str) -> str:
    if _YEAR.fullmatch(token) or _YEAR_CODE.fullmatch(token) or token in _MONTHS:
        return token
    counts = after in _ROUNDS or before in _ROUNDS
    return f"ordinal {_ORDINALS[token]}" if token in _ORDINALS and (counts or not token.isalpha()) else ""


def _word(before: str, token: str, analyser: Analyser) -> str:
    if token[0].isdigit() or (len(token) == 1 and before in _MARKED):
        numbered = before in _MARKED and not ("." in token and before in _WRITTEN_OR_NOT)
        return f"{before} {token}" if numbered else token
    if token in _SAYS_NOTHING or len(token) == 1:
        return ""
    if token in ("non", "comuni") or token.endswith("+"):
        return token
    return "".join(analyser.stems(token)) or token
