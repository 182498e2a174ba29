"""Where a long call says who may apply: the section, not its entry in the index, and the sentences that admit.

A regional call names the beneficiaries a hundred times: in the index, in the privacy notice, among definitions. The
sentences that count follow a heading of their own and hold a verb that admits (*possono presentare*, *è rivolta a*).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MAX_QUOTE = 400
SECTION_LENGTH = 3_000
LEAD_LENGTH = 1_500
"""Characters of a text without headings in which its first sentences are looked for."""

_NUMBER = r"(?:(?:art(?:icolo|\.)?|§)?[ \t]*(?:[A-Z]\.?)?\d{0,2}(?:[.)](?:\d{1,2}|[a-z]))*[.)]?[ \t–-]*)"
_HEADING = re.compile(
    rf"^[ \t]*{_NUMBER}(?:soggetti[ \t]+)?(?:beneficiari|richiedenti|proponenti|ammissibili|destinatari"
    r"|a chi si rivolge|chi (?:può|puo') (?:partecipare|presentare(?: (?:la )?domanda)?))"
    r"[ \t]*[:?]?[ \t]*(?:\d{1,3})?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ADMITS = re.compile(
    r"(?<!non )poss\w+ (?:\w+ )?(?:presentare|accedere|beneficiare|partecipare|essere|candidar|aderire|richiedere"
    r"|concorrere|chiedere)"
    r"|\bpu(?:ò|o') (?:presentare|partecipare|accedere)|rivolt[oaie] |riservat[oaie] "
    r"|(?:bando|avviso|misura|contribut[oi]|iniziativa|azione)[^.]{0,60} destinat[oaie] (?:a|ai|agli|alle)\b"
    r"|beneficiari[^.]{0,60}\bsono\b|\bsono\b[^.]{0,30}beneficiari|domanda spetta|presenta(?:no)? la domanda"
    r"|si rivolge",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?<=[a-z0-9)”\"][.])\s+(?=[A-ZÈ])|\n[ \t]*\n")
_NEXT_HEADING = re.compile(
    r"^[ \t]*(?:[A-Z]\.\d{0,2}|\d{1,2}(?:\.\d{1,2})?\.?)[ \t]+[A-ZÀ-Ü][^.;\n]{3,80}$", re.MULTILINE
)
_BULLET = re.compile(r"^\s*(?:[•\-–−*·]|[a-z0-9]{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a call's text, the character at which it begins, and whether a beneficiary section holds it."""

    text: str
    offset: int
    in_section: bool = True


def beneficiary_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences that say who may apply, in order; empty where the text has none.

    They are those of the first section whose heading speaks of beneficiaries and whose words admit somebody; a text
    without such headings is read from its first sentences.
    """
    for start, end in _sections(text):
        admitting = _admitting(text, start, end)
        if admitting:
            return admitting
    if _HEADING.search(text):
        return ()
    lead = _admitting(text, 0, min(len(text), LEAD_LENGTH))
    return tuple(replace(sentence, in_section=False) for sentence in lead)


def sentence_around(text: str, match: re.Match[str]) -> str:
    """The sentence that holds a match, on one line, cut to the length of a quote."""
    start = max(
        text.rfind(". ", 0, match.start()) + 1, text.rfind("\n\n", 0, match.start()) + 1, match.start() - 150, 0
    )
    end = text.find(". ", match.end())
    end = min(end + 1 if end >= 0 else len(text), match.end() + 150)
    return " ".join(text[start:end].split())[:MAX_QUOTE]


def _sections(text: str) -> Iterator[tuple[int, int]]:
    headings = [match.end() for match in _HEADING.finditer(text)]
    for start in headings:
        following = _NEXT_HEADING.search(text, start + 1, start + SECTION_LENGTH)
        yield start, following.start() if following else min(len(text), start + SECTION_LENGTH)


def _admitting(text: str, start: int, end: int) -> tuple[Sentence, ...]:
    sentences = list(_split(text, start, end))
    found: list[Sentence] = []
    listing = False
    for sentence in sentences:
        admits = bool(_ADMITS.search(sentence.text))
        if admits or (listing and _BULLET.match(sentence.text)):
            found.append(sentence)
            listing = listing or sentence.text.rstrip().endswith(":") or _BULLET.search(sentence.text) is not None
        elif found and not listing:
            break
    return tuple(found)


def _split(text: str, start: int, end: int) -> Iterator[Sentence]:
    at = start
    for match in (*_BREAK.finditer(text, start, end), None):
        stop = match.start() if match else end
        piece = text[at:stop]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield Sentence(piece.strip(), at + lead)
        at = match.end() if match else end
