"""Addresses that are never written to, or not any more."""

import pytest

from service.database import reading, writing
from service.digests.addresses import (
    address_hash,
    allow_again,
    is_pec,
    suppress,
    suppressed_hashes,
)
from service.digests.tables import SuppressionReason, SuppressionRow
from service.moments import now


@pytest.mark.parametrize(
    "address",
    [
        "protocollo@pec.comune.example",
        "comune.rho@pec.it",
        "protocollo@cert.regione.example",
        "ufficio@postacert.comune.example",
        "ente@comune.legalmail.it",
        "studio@arubapec.it",
        "x@PEC.Comune.Example",
        "a@comune-pec.example",
    ],
)
def test_certified_mail_is_known_by_its_domain(address):
    assert is_pec(address)


@pytest.mark.parametrize(
    "address", ["pec@comune.example", "anna@comune.rho.mi.it", "a@specchio.example", "a@certosa.example", "a@x.pec"]
)
def test_an_ordinary_address_is_not_taken_for_certified_mail(address):
    assert not is_pec(address)


def test_a_body_can_name_domains_of_its_own():
    assert is_pec("a@posta.ente.example", frozenset({"ente.example"}))


def test_an_address_is_suppressed_once_with_the_first_reason_and_kept_only_as_a_hash(engine):
    with writing(engine) as session:
        assert suppress(session, "Anna@Comune.example", SuppressionReason.REFUSED, "550 <anna@comune.example>", now())
        assert not suppress(session, "anna@comune.example", SuppressionReason.BOUNCED, "later", now())
    with reading(engine) as session:
        (row,) = session.query(SuppressionRow)
        assert (row.reason, row.reply) == (SuppressionReason.REFUSED, "550 <<…>>")
        assert suppressed_hashes(session) == {address_hash("anna@comune.example")}


def test_a_suppressed_address_can_be_taken_up_again(engine):
    with writing(engine) as session:
        suppress(session, "a@comune.example", SuppressionReason.BOUNCED, "", now())
        assert allow_again(session, "A@comune.example")
        assert not allow_again(session, "a@comune.example")
        assert not suppressed_hashes(session)
