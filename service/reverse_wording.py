"""What is said of a commune seen from a call: why it is where it is in the list, or why it is not there."""

from service import wording
from service.catalogue.whereabouts import Standing, Whereabouts
from service.wording import Language

_STANDING = {
    Standing.RULED_OUT: (
        "{name} non è in elenco: il bando non lo ammette.",
        "{name} is not in the list: the call does not admit it.",
    ),
    Standing.NOTHING_DESCRIBED: (
        "{name} può essere ammesso ma non ha descritto nulla che si possa vedere: è al posto {rank} di {of}.",
        "{name} may be admitted but has described nothing that can be seen: it is at place {rank} of {of}.",
    ),
    Standing.NOTHING_NEAR: (
        "{name} può essere ammesso, ma «{item}», la cosa più vicina che ha descritto, è lontana dal bando: "
        "è al posto {rank} di {of}.",
        "{name} may be admitted, but “{item}”, the nearest thing it has described, is far from the call: "
        "it is at place {rank} of {of}.",
    ),
    Standing.SUITED: (
        "{name} è in elenco, al posto {rank} di {of}, per «{item}».",
        "{name} is in the list, at place {rank} of {of}, for “{item}”.",
    ),
}


def standing(found: Whereabouts, language: Language = "it") -> str:
    """Return in one sentence where a commune stands for a call, and for what."""
    item = found.match.item.title if found.match.item else ""
    said = _STANDING[found.standing][language != "it"]
    return said.format(name=found.match.commune.name, rank=found.rank, of=found.of, item=item)


def reasons(found: Whereabouts, language: Language = "it") -> list[str]:
    """Return the criteria that decide: those that rule it out, else those still to be checked, with their quotes."""
    return [wording.criterion(one, language) for one in found.against or found.to_check]
