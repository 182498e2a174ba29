"""What the publishers of funded projects have in common: the CUP, the measure code, places, texts, amounts."""

import re
from decimal import ROUND_HALF_UP, Decimal

from corpora.reading import Row
from matcher.records import ApplicantKind, Money

_CUP = re.compile(r"[A-Z]\d{2}[A-Z]\d{11}")
_MEASURE = re.compile(r"(M\dC\d[IR]\d)\.(\d{1,2})(?:\.(\d{1,2}))?")
_PLACE_CODE = re.compile(r"(?:\d{3})?(\d{6})")
_PERSONAL_TAX_CODE = re.compile(r"[A-Z]{6}[0-9L-V]{2}[A-EHLMPR-T][0-9L-V]{2}[A-Z][0-9L-V]{3}[A-Z]")
_EVERYWHERE = re.compile(r"TUTTI I COMUNI$|^AMBITO NAZIONALE$|^NESSUNA LOCALIZZAZIONE$")
_NO_BODY = frozenset({"NON DETERMINATA", "DENOMINAZIONE DEL SOGGETTO NON PRESENTE"})
_CENT = Decimal("0.01")
_FIRST_TWO_DIGIT_YEAR = 60


def cup(row: Row) -> str:
    """The CUP of a row that must have one; raises FieldError if it is absent or malformed."""
    code = row.required("cup")
    if not _CUP.fullmatch(code):
        raise row.error("cup", "not a CUP: a letter, two digits, a letter, eleven digits")
    return code


def decision_year(code: str) -> int:
    """The year in which the project was decided, in the fifth and sixth character of its CUP.

    Equal to ``ANNO_DECISIONE`` in all 300 records of the OpenCUP samples in the open data that the tests read.
    """
    year = int(code[4:6])
    return year + (1900 if year >= _FIRST_TWO_DIGIT_YEAR else 2000)


def measure_code(row: Row, name: str) -> str:
    """A PNRR sub-measure in its one form, ``M5C2I2.01.00``; raises FieldError for anything else."""
    found = _MEASURE.fullmatch(row.required(name).replace(" ", ""))
    if not found:
        raise row.error(name, "not the code of a PNRR measure, such as M5C2I2.01.00")
    stem, measure, submeasure = found.groups()
    return f"{stem}.{measure:0>2}.{submeasure or '0':0>2}"


def communes(row: Row, name: str, separator: str = ";") -> tuple[str, ...]:
    """The ISTAT codes of a cell, each once; codes of whole provinces and regions (``…000``) are left out.

    A code may carry its region in front (``012058091``). Raises FieldError for what is no code.
    """
    codes: dict[str, None] = {}
    for part in filter(None, map(str.strip, row[name].split(separator))):
        found = _PLACE_CODE.fullmatch(part)
        if not found:
            raise row.error(name, f"{part!r} is not the ISTAT code of a commune")
        if not found[1].endswith("000"):
            codes[found[1]] = None
    return tuple(codes)


def commune_names(row: Row, name: str, separator: str = ";") -> tuple[str, ...]:
    """The names of a cell, each once; "all communes" and "the whole nation" are not names."""
    names = filter(None, map(str.strip, row[name].split(separator)))
    return tuple(dict.fromkeys(place for place in names if not _EVERYWHERE.search(place)))


def amount(row: Row, name: str) -> Money | None:
    """An amount in cents; publishers who keep amounts as binary fractions print more digits than there are."""
    money = row.money(name)
    if money is None or money.amount == money.amount.quantize(_CENT):
        return money
    row.repairs.add("amount rounded to cents")
    return Money(money.amount.quantize(_CENT, ROUND_HALF_UP), money.currency)


def is_grant_to_others(nature: str) -> bool:
    """Whether the CUP's nature (6 or 7) says that the money is handed on: the first part of its text names to whom."""
    return nature.casefold().startswith(("concessione di incentivi", "concessione di contributi"))


def beneficiary(nature: str) -> ApplicantKind | None:
    """A firm where the CUP's nature (7) is an incentive to productive units, otherwise not said."""
    return ApplicantKind.FIRM if nature.casefold().startswith("concessione di incentivi") else None


def title_and_text(row: Row, title: str, summary: str = "") -> tuple[str, str]:
    """The title and summary as published, with `` - `` for the ``*`` between their parts.

    Where the money is handed on, the part that names to whom (often a person) is left out. Raises FieldError if
    nothing is left.
    """
    head, rest = row[title], row[summary]
    if is_grant_to_others(row["nature"]):
        name = rest.partition("*")[0] if "*" in rest else ""
        head = "" if "*" not in head and head and name.startswith(head) else _without_first_part(head)
        rest = _without_first_part(rest)
    head, rest = (text.replace("*", " - ").strip() for text in (head or rest, rest))
    if not head:
        raise row.error(title, "no title and no summary: nothing says what was funded")
    return head, rest


def body(row: Row, name: str, tax_code: str = "") -> str:
    """The implementing body, ``""`` where the money is handed on or its tax code is that of a person."""
    if is_grant_to_others(row["nature"]) or is_personal(row[tax_code]):
        return ""
    return "" if row[name].upper() in _NO_BODY else row[name]


def is_personal(tax_code: str) -> bool:
    """Whether a tax code is that of a natural person (16 characters) and not of a body (11 digits)."""
    return _PERSONAL_TAX_CODE.fullmatch(tax_code.upper()) is not None


def _without_first_part(text: str) -> str:
    return text.partition("*")[2] if "*" in text else text
