"""Addresses that an e-mail may not go to: certified mail (PEC), and those that were refused for good."""

import re
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.accounts.directory import normal_email
from service.accounts.tokens import hash_of
from service.digests.tables import SuppressionReason, SuppressionRow

PEC_DOMAINS = frozenset(
    "pec.it arubapec.it legalmail.it postacert.it postecert.it poste-certificate.it postacertificata.gov.it "
    "postacertificata.com registerpec.it sicurezzapostale.it actaliscertymail.it gigapec.it mypec.eu pecimprese.it "
    "pecavvocati.it ingpec.eu archiworldpec.it geopec.it conafpec.it epap.sicurezzapostale.it namirialpec.it "
    "pec-legal.it pecprofessionisti.it legalmailpa.it halleycert.it spcmail.it "
    "consulentidellavoropec.it odcecmilanopec.it avvocatipec.it certipec.it pecimprese.com messaggipec.it "
    "cgn.legalmail.it asmepec.it egopec.it interpec.it messaggicert.it".split()
)
"""Domains of the providers of certified mail that public bodies and professions use; their sub-domains count too."""
_PEC_LABEL = re.compile(r"(pec|pec-.+|.+-pec|cert|cert-.+|.+-cert|postacert|pecmail|legalmail)")
"""A part of a domain by which bodies name their certified mail, as in pec.comune.example or cert.regione.example."""
_ADDRESS = re.compile(r"[^\s<>@:;,\"'()\[\]]+@[^\s<>@:;,\"'()\[\]]+")
LONGEST_REPLY = 300


def is_pec(address: str, more: frozenset[str] = frozenset()) -> bool:
    """Whether an address is one of certified mail, which refuses or archives what is not; ``more``: further domains."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    labels = domain.split(".")
    ends = {".".join(labels[start:]) for start in range(len(labels))}
    return bool(ends & (PEC_DOMAINS | more)) or any(_PEC_LABEL.fullmatch(label) for label in labels[:-1])


def domain_of(address: str) -> str:
    """Return the domain of an address, lower case."""
    return address.rpartition("@")[2].lower()


def address_hash(address: str) -> str:
    """Return what is kept of a suppressed address: the SHA-256 of its lower-case form, 64 hex digits."""
    return hash_of(address.strip().lower())


def without_addresses(reply: str) -> str:
    """Return what a mail server said in one line, its addresses left out, not longer than ``LONGEST_REPLY``."""
    return _ADDRESS.sub("<…>", " ".join(reply.split()))[:LONGEST_REPLY]


def suppress(session: Session, address: str, reason: SuppressionReason, reply: str, at: datetime) -> bool:
    """Write to an address no more; returns whether that is new. The reason that came first stays."""
    dialect = session.get_bind().dialect.name
    add = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(SuppressionRow).values(
        address_hash=address_hash(address), reason=reason, since=at, reply=without_addresses(reply)
    )
    added = session.execute(add.on_conflict_do_nothing().returning(SuppressionRow.address_hash))
    return added.first() is not None


def allow_again(session: Session, address: str) -> bool:
    """Write to an address again; returns whether it was suppressed. Raises InvalidError for what is no address."""
    found = session.execute(
        delete(SuppressionRow)
        .where(SuppressionRow.address_hash == address_hash(normal_email(address)))
        .returning(SuppressionRow.address_hash)
    )
    return found.first() is not None


def suppressed_hashes(session: Session) -> frozenset[str]:
    """Return the hashes of all addresses that are written to no more."""
    return frozenset(session.scalars(select(SuppressionRow.address_hash)))
