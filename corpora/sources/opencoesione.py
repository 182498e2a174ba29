"""``opencoesione``: the projects of the cohesion policy (opencoesione.gov.it), all programming periods.

    id          opencoesione:<local project code>
    measure     the code of its programme; procedure: the activation procedure (``PRATT…``)
    beneficiary the kind that the beneficiary's legal form says

Cells hold several values joined by ``:::``. Firms' and persons' names are left out: sole traders and partnerships are
called after people, and a trainee's project is called after the trainee, so it takes the title of its procedure.
"""

import re
from collections.abc import Mapping
from datetime import date

from corpora.reading import Importer, Layout, Row
from corpora.sources import _funded as funded
from matcher.records import ApplicantKind as Kind
from matcher.records import Milestone, Precedent, Provenance

NAME = "opencoesione"

_SEPARATOR = ":::"
_REQUIRED = frozenset({"local_code", "title", "amount", "body", "legal_form", "measure", "procedure"})
_PLACE = {
    "theme": "OC_TEMA_SINTETICO",
    "region": "DEN_REGIONE",
    "communes": "COD_COMUNE",
    "commune_names": "DEN_COMUNE",
}

LAYOUTS = (
    Layout(
        name="progetti 2021-2027",
        columns={
            "local_code": "cod_locale_progetto",
            "cup": "cup",
            "title": "titolo",
            "summary": "sintesi",
            "nature": "cup_natura",
            "theme": "tema",
            "measure": "cod_programma",
            "programme": "programma",
            "procedure": "cod_procedura",
            "procedure_title": "procedura",
            "region": "regione",
            "communes": "cod_comune",
            "commune_names": "comune",
            "amount": "finanziamento_pubblico",
            "body": "beneficiario",
            "legal_form": "forma_giuridica_beneficiario",
            "state": "stato",
            "link": "link",
        },
        required=_REQUIRED,
        decimal=".",
    ),
    Layout(
        name="tracciato esteso",
        columns=_PLACE
        | {
            "local_code": "cod_locale_progetto",
            "cup": "cup",
            "title": "oc_titolo_progetto",
            "summary": "oc_sintesi_progetto",
            "nature": "CUP_DESCR_NATURA",
            "measure": "OC_CODICE_PROGRAMMA",
            "programme": "OC_DESCRIZIONE_PROGRAMMA",
            "procedure": "COD_PROCED_ATTIVAZIONE",
            "procedure_title": "DESCR_PROCED_ATTIVAZIONE",
            "amount": "FINANZ_TOTALE_PUBBLICO",
            "body": "OC_DENOM_BENEFICIARIO",
            "tax_code": "OC_CODFISC_BENEFICIARIO",
            "legal_form": "OC_DESCR_FORMA_GIU_BENEFICIARIO",
            "state": "OC_STATO_PROGETTO",
            "end_planned": "OC_DATA_FINE_PROGETTO_PREVISTA",
            "end_actual": "OC_DATA_FINE_PROGETTO_EFFETTIVA",
            "committed": "IMPEGNI",
            "spent": "TOT_PAGAMENTI",
            "updated": "DATA_AGGIORNAMENTO",
            "link": "oc_link",
        },
        required=_REQUIRED,
        decimal=".",
    ),
)

# The legal forms seen in the open data; a form that is not here says nothing of the kind.
_KINDS: Mapping[str, Kind] = {
    "Comune": Kind.COMMUNE,
    "Unione di comuni": Kind.UNION,
    "Comunita' montana o isolana": Kind.UNION,
    "Provincia": Kind.PROVINCE,
    "Citta' metropolitana": Kind.PROVINCE,
    "Regione": Kind.REGION,
    "Ministero": Kind.CENTRAL,
    "Universita' pubblica": Kind.UNIVERSITY,
    "Istituto o ente pubblico di ricerca": Kind.UNIVERSITY,
    "Azienda o ente del servizio sanitario nazionale": Kind.HEALTH,
    "Consorzio di diritto pubblico": Kind.PUBLIC_BODY,
    "Ente pubblico economico": Kind.PUBLIC_BODY,
    "Altro ente pubblico non economico nazionale": Kind.PUBLIC_BODY,
    "Ente ambientale regionale": Kind.PUBLIC_BODY,
    "Ente o autorita' portuale": Kind.PUBLIC_BODY,
    "Ente per il turismo": Kind.PUBLIC_BODY,
    "Fondazione (esclusa fondazione bancaria)": Kind.THIRD_SECTOR,
    "Ente ecclesiastico": Kind.THIRD_SECTOR,
    "Associazione riconosciuta": Kind.THIRD_SECTOR,
    "Associazione non riconosciuta": Kind.THIRD_SECTOR,
    "Societa' cooperativa sociale": Kind.THIRD_SECTOR,
    "Consorzio di diritto privato": Kind.FIRM,
    "Associazione o raggruppamento temporaneo di imprese": Kind.FIRM,
    "Libero professionista": Kind.FIRM,
    "Persona Fisica/Privato": Kind.PERSON,
}
# 2014.IT.05.SFOP.014/1/8.1/7.3.2/7359 NAME SURNAME
_OPERATION_AND_NAME = re.compile(r"(\d{4}\.?IT[\w.]+(?:/[\w.]+)+)\s.+")
_EIGHT_DIGITS = re.compile(r"\d{8}")
END = "Fine del progetto"
"""What the milestone is called of which the publisher gives the planned and the actual day."""
_FORMS_OF_FIRMS = ("Societa' ", "Imprenditore individuale")


def _precedent(row: Row) -> Precedent:
    cup = funded.cup(row) if row["cup"] else ""
    title, text = _title_and_text(row)
    kind = _kind(row["legal_form"])
    named = kind not in (Kind.FIRM, Kind.PERSON) and not funded.is_personal(row["tax_code"])
    return Precedent(
        id=f"{NAME}:{row.required('local_code')}",
        source=NAME,
        title=title,
        text=text,
        cup=cup,
        measure=_joined(row["measure"]),
        procedure=_joined(row["procedure"]),
        programme=_joined(row["programme"]),
        theme=_joined(row["theme"]),
        body=_joined(row["body"]) if named else "",
        beneficiary=kind,
        communes=funded.communes(row, "communes", _SEPARATOR),
        commune_names=funded.commune_names(row, "commune_names", _SEPARATOR),
        region=_joined(row["region"]),
        amount=funded.amount(row, "amount"),
        year=funded.decision_year(cup) if cup else None,
        state=row["state"],
        milestones=_milestones(row),
        committed=funded.amount(row, "committed"),
        spent=funded.amount(row, "spent"),
        provenance=Provenance(row["link"] or "opencoesione.gov.it", _exact_day(row, "updated")),
    )


def _milestones(row: Row) -> tuple[Milestone, ...]:
    planned, actual = _exact_day(row, "end_planned"), _exact_day(row, "end_actual")
    return (Milestone(END, planned, actual),) if planned or actual else ()


def _exact_day(row: Row, name: str) -> date | None:
    """A day written in eight digits; a copy that keeps it as a number has rounded it, and it is left out."""
    if not row[name] or _EIGHT_DIGITS.fullmatch(row[name]):
        return row.day(name)
    row.repairs.add("day rounded to a number left out")
    return None


def _title_and_text(row: Row) -> tuple[str, str]:
    title, text = row["title"] or row["summary"], row["summary"]
    if not title:
        raise row.error("title", "no title and no summary: nothing says what was funded")
    operation = _OPERATION_AND_NAME.fullmatch(title)
    if not operation:
        return title, text
    row.repairs.add("a trainee's name left out")
    return row["procedure_title"] or operation[1], "" if _OPERATION_AND_NAME.fullmatch(text) else text


def _joined(text: str) -> str:
    """The values of a cell, each once, joined by ``;``."""
    return ";".join(dict.fromkeys(filter(None, map(str.strip, text.split(_SEPARATOR)))))


def _kind(legal_form: str) -> Kind | None:
    kinds = {_kind_of_form(form.strip()) for form in legal_form.split(_SEPARATOR)}
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of_form(form: str) -> Kind | None:
    return _KINDS.get(form, Kind.FIRM if form.startswith(_FORMS_OF_FIRMS) else None)


SOURCE = Importer(NAME, "precedents", LAYOUTS, _precedent)
