"""E-mails to look at: what a week may hold, told over the small world; all names and texts are ours.

python -m tests.service.digests.editions [FOLDER]    writes them, by default where the tests compare them
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from matcher.feedback import DecisionKind
from matcher.records import FundingCall, Moment
from matcher.verdicts import Verdict
from service.digests.composing import Composer
from service.digests.content import (
    Audience,
    Change,
    CommuneSection,
    Digest,
    Entry,
    Event,
    Figures,
    Follow,
    FollowKind,
    Mail,
    Quiet,
    Reason,
    Recipient,
    RequestNews,
    Ring,
    ToRing,
)
from service.digests.links import Links
from service.digests.weeks import Week
from service.events.whys import Why, WhyKind
from service.moments import ROME
from tests import world

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "digest"
MONDAY = datetime(2025, 5, 5, 7, 0, tzinfo=ROME)
KEY = "a key of thirty-two letters for the tests"
PUBLIC = "https://remix.example"
RESOLUTION_DAYS = 7
FIGURES = Figures(214, datetime(2025, 5, 4, 20, 0, tzinfo=UTC))
CHANGES = (
    Change(
        "closes",
        '{"at": "2025-05-16T12:00:00+02:00", "hour_known": true}',
        '{"at": "2025-05-30T12:00:00+02:00", "hour_known": true}',
    ),
    Change("total_amount", "", '{"amount": "4500000", "currency": "EUR"}'),
    Change("text", "", ""),
)


def _moment(day: int, hour: int) -> Moment:
    """Return an hour of a day of this May."""
    return Moment(datetime(2025, 5, day, hour, 0, tzinfo=ROME), True)


def composer() -> Composer:
    """Return the writer of the e-mails."""
    return Composer(Links(KEY, PUBLIC), RESOLUTION_DAYS)


def recipient(**fields: object) -> Recipient:
    """Return somebody of the commune of Rho."""
    base: dict[str, object] = {
        "person_id": "5b1c0f6e-7d7e-4f57-9a39-0c5e7f2f4c11",
        "audience": Audience.COMMUNE,
        "language": "it",
        "name": "Ufficio bandi",
        "account_id": "a-rho",
        "commune_istat": world.RHO.istat,
        "follows": (Follow(FollowKind.COMMUNE, world.RHO.istat),),
        "muted": frozenset[str](),
        "quiet": Quiet.SAY_SO,
        "since": datetime(2025, 1, 1, tzinfo=UTC),
        "token": "gettone-opaco",
    }
    return Recipient(**(base | fields))  # type: ignore[arg-type]


def entry(call: FundingCall, reason: Reason, rank: int, **fields: object) -> Entry:
    """Return a call of the small world as an e-mail tells it."""
    base: dict[str, object] = {
        "call_id": call.id, "call_version": 1, "reason": reason, "rank": rank, "title": call.title,
        "issuer": call.issuer, "url": call.url, "verdict": Verdict.MET, "opens": call.opens, "closes": call.closes,
        "while_funds_last": bool(call.while_funds_last), "total_amount": call.total_amount,
        "max_award": call.max_award, "cofinancing": call.cofinancing,
    }  # fmt: skip
    return Entry(**(base | fields))  # type: ignore[arg-type]


def _rho() -> CommuneSection:
    """Return what there is for Rho: new calls, a changed one and some that close, one of them today."""
    today = _moment(5, 12)
    return CommuneSection(
        Follow(FollowKind.COMMUNE, world.RHO.istat),
        "Rho",
        world.RHO.istat,
        (
            entry(
                world.NIDI, Reason.NEW, 1, why=("same_subject", "shared_words:asilo, nido", "precedents_counted"),
                working_days=39, item="Un asilo nido a Lucernate", theme="infanzia", cofinancing=Decimal("0.9"),
            ),
            entry(
                world.MISURA_SENZA_DESTINATARI, Reason.NEW, 4, verdict=Verdict.UNKNOWN,
                to_check=("applicants", "territory"), why=("same_field",), theme="rigenerazione urbana",
                item="La vecchia cascina di via Buonarroti",
            ),
            entry(
                world.CICLABILI, Reason.CHANGED, 2, call_version=3, working_days=19, theme="mobilità",
                why=("same_subject", "shared_words:pista, ciclabile"), item="La pista verso la stazione",
                changes=CHANGES,
            ),
            entry(
                world.FOTOVOLTAICO_LOMBARDIA, Reason.CLOSING, 3, closes=today, working_days=0, wanted=True,
                why=("same_subject", "shared_words:fotovoltaico, municipio"), theme="energia",
            ),
            entry(
                world.FOTOVOLTAICO_LOMBARDIA, Reason.CLOSING, 5, call_id="world:comunita-energetiche", working_days=6,
                title="Comunità energetiche: sportello per i comuni", closes=_moment(13, 16),
                why=("same_field", "precedents_counted"), theme="energia",
            ),
        ),
        n_others=2,
        may_decide=True,
    )  # fmt: skip


def full_week() -> Digest:
    """Return a week with new calls, a changed one and some that close, one of them today."""
    rho = _rho()
    asset = CommuneSection(
        Follow(FollowKind.ASSET, "bene:1"),
        "Ex scuola di Terrazzano",
        world.RHO.istat,
        (
            entry(
                world.RIGENERAZIONE_PAGINA_NOVE, Reason.NEW, 2, why=("same_subject", "shared_words:recupero, alloggi"),
                verdict=Verdict.UNKNOWN, to_check=("closing_date",),
            ),
        ),
        may_decide=True,
    )  # fmt: skip
    return Digest(
        recipient=recipient(follows=(rho.follow, asset.follow)),
        week=Week.of(MONDAY),
        at=MONDAY,
        figures=FIGURES,
        sections=(rho, asset),
        events=(
            Event(
                "Come si scrive un piano economico finanziario", _moment(14, 10),
                "Milano, via Vivaio 1", "https://incubatore.example/pef",
            ),
            Event(
                "Le palestre aperte la sera", _moment(21, 14), event_id="ev1", is_online=True,
                why=Why(WhyKind.DRIVER, "driver:7", "Palestra di via Pomè", "needs"),
            ),
        ),
        requests=(
            RequestNews(
                world.SCUOLE_SICURE.id, world.SCUOLE_SICURE.title, MONDAY, "picked", "Rho",
                "La palestra di via Pomè ha la verifica sismica dal 2023: qui è pagata per intero.",
            ),
            RequestNews(world.NIDI.id, world.NIDI.title, MONDAY, DecisionKind.APPLIED.value, "Rho"),
            RequestNews(
                "", "", MONDAY, "answered", "Rho", service="progetti", path=f"/comuni/{world.RHO.istat}/richieste/r1"
            ),
        ),
    )  # fmt: skip


def quiet_week() -> Digest:
    """Return a week without news, for a commune that has written nothing down."""
    follow = Follow(FollowKind.COMMUNE, world.NOSATE.istat)
    section = CommuneSection(follow, "Nosate", world.NOSATE.istat, (), is_profile=True)
    person = recipient(follows=(follow,), account_id=None, commune_istat=None, name="")
    return Digest(person, Week.of(MONDAY), MONDAY, FIGURES, (section,))


def consultants_week() -> Digest:
    """Return the reverse digest: new calls, and the communes to ring about each."""
    nidi = Ring(
        entry(world.NIDI, Reason.NEW, 1, working_days=39),
        (
            ToRing(world.RHO.istat, "Rho", Verdict.MET, ("same_subject",), "Un asilo nido a Lucernate"),
            ToRing(world.CINISELLO_BALSAMO.istat, "Cinisello Balsamo", Verdict.MET, ("same_field",), "Scuola Sempione"),
            ToRing(world.GREZZAGO.istat, "Grezzago", Verdict.UNKNOWN, ("like_yours",)),
        ),
        12,
    )  # fmt: skip
    piazze = Ring(
        entry(world.PICCOLI_COMUNI, Reason.NEW, 1, working_days=94),
        (ToRing(world.NOSATE.istat, "Nosate", Verdict.MET, ("like_yours",)),),
    )
    person = recipient(audience=Audience.CONSULTANT, account_id="a-consulente", commune_istat=None, follows=())
    return Digest(person, Week.of(MONDAY), MONDAY, FIGURES, rings=(nidi, piazze))


def english_week() -> Digest:
    """Return the full week for somebody who reads English."""
    digest = full_week()
    return replace(digest, recipient=replace(digest.recipient, language="en"))


EDITIONS = {
    "settimana-piena": full_week,
    "settimana-tranquilla": quiet_week,
    "consulente": consultants_week,
    "english": english_week,
}


def written(mail: Mail) -> dict[str, bytes]:
    """Return an e-mail as files, by their ending."""
    parts = {"html": mail.html.encode(), "txt": f"{mail.subject}\n\n{mail.text}".encode()}
    calendars = {one.name.rpartition(".")[2]: one.content.replace(b"\r\n", b"\n") for one in mail.attachments}
    return parts | calendars


def main(folder: Path) -> None:
    """Write all e-mails into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in EDITIONS.items():
        for ending, content in written(composer()(made())).items():
            (folder / f"{name}.{ending}").write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN)
