"""Finding the commune that a person means, by ISTAT code or by name; never guessing between two."""

from collections.abc import Iterable
from difflib import get_close_matches

from matcher.analyser import name_key
from matcher.records import Commune
from service.errors import UnknownCommuneError

_SUGGESTIONS = 3


class CommuneFinder:
    """All communes known, by code and by name without accents, capitals and apostrophes."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        self._by_code: dict[str, Commune] = {}
        self._by_name: dict[str, list[Commune]] = {}
        for commune in communes:
            self._by_code[commune.istat] = commune
            for name in {commune.name, *commune.name.split("/")}:
                self._by_name.setdefault(name_key(name), []).append(commune)

    def find(self, words: str) -> Commune:
        """Return the commune of a 6-digit ISTAT code or a name.

        Raises UnknownCommuneError if there is none (with the nearest names) or more than one (with their codes).
        """
        asked = words.strip()
        if not self._by_code:
            raise UnknownCommuneError(
                f"commune {asked!r}: no commune is known yet; run `remix init`, or `remix import comuni FILE`"
            )
        if asked.isdigit():
            return self._of_code(asked)
        found = self._by_name.get(name_key(asked), [])
        if len(found) == 1:
            return found[0]
        if found:
            options = ", ".join(f"{c.name} ({c.province}) {c.istat}" for c in sorted(found, key=lambda c: c.istat))
            raise UnknownCommuneError(f"commune {asked!r}: more than one has this name; give the ISTAT code: {options}")
        near = get_close_matches(name_key(asked), self._by_name, n=_SUGGESTIONS)
        hint = "; perhaps " + ", ".join(f"{self._by_name[n][0].name} {self._by_name[n][0].istat}" for n in near)
        raise UnknownCommuneError(f"commune {asked!r}: unknown{hint if near else ''}{self._how_many()}")

    def _of_code(self, code: str) -> Commune:
        if code in self._by_code:
            return self._by_code[code]
        wanted = "" if len(code) == 6 else f" (an ISTAT code has 6 digits, this one {len(code)})"
        raise UnknownCommuneError(f"ISTAT code {code!r}: unknown{wanted}{self._how_many()}")

    def _how_many(self) -> str:
        return f"; {len(self._by_code)} communes are known, others come with `remix import comuni FILE`"
