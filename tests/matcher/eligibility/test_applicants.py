"""Phrases that say who may apply, and how each is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.eligibility.applicants import applicant_kinds
from matcher.records import ApplicantKind as Kind

LOCAL = {Kind.COMMUNE, Kind.UNION, Kind.PROVINCE}

ADMITTED = {
    "Comuni": {Kind.COMMUNE},
    "i Comuni e le Unioni dei Comuni": {Kind.COMMUNE, Kind.UNION},
    "Comuni (anche in forma aggregata); Comunità montane; Province": LOCAL,
    "Enti locali": LOCAL,
    "Province e città metropolitane": {Kind.PROVINCE},
    "Regioni e province autonome di Trento e Bolzano": {Kind.REGION},
    "PA Centrali;Altri enti": {Kind.CENTRAL, Kind.UNION, Kind.PUBLIC_BODY},
    "Autorità di sistema portuale": {Kind.PUBLIC_BODY},
    "Enti di governo d’ambito": {Kind.PUBLIC_BODY},
    "ALER": {Kind.PUBLIC_BODY},
    "Istituzioni scolastiche": {Kind.SCHOOL},
    "ASL;Aziende Ospedaliere": {Kind.HEALTH},
    "Università, enti pubblici di ricerca e IRCCS": {Kind.UNIVERSITY, Kind.HEALTH},
    "Operatori economici": {Kind.FIRM},
    "Micro, piccole e medie imprese": {Kind.FIRM},
    "imprese agricole": {Kind.FIRM},
    "Individui / Liberi Professionisti": {Kind.PERSON, Kind.FIRM},
    "Imprese sociali e cooperative sociali": {Kind.THIRD_SECTOR},
    "Associazioni di promozione sociale, ODV e fondazioni": {Kind.THIRD_SECTOR},
    "impresa;terzo_settore;startup": {Kind.FIRM, Kind.THIRD_SECTOR},
    "persona_fisica": {Kind.PERSON},
}
# Bodies that a phrase names without letting them apply.
NOT_ADMITTED = {
    "le imprese iscritte al Registro delle Imprese della Camera di Commercio": Kind.PUBLIC_BODY,
    "Unioni di Comuni": Kind.COMMUNE,
    "progetti di comune interesse presentati da imprese": Kind.COMMUNE,
    "imprese proprietarie delle parti comuni": Kind.COMMUNE,
    "province autonome": Kind.PROVINCE,
    "imprese sociali": Kind.FIRM,
    "enti pubblici di ricerca": Kind.COMMUNE,
}


@pytest.mark.parametrize(("phrase", "kinds"), ADMITTED.items())
def test_a_phrase_admits_the_kinds_that_it_names_and_no_others(phrase: str, kinds: set[Kind]) -> None:
    read = applicant_kinds(phrase)
    assert read.kinds == kinds
    assert read.complete


@pytest.mark.parametrize(("phrase", "kind"), NOT_ADMITTED.items())
def test_a_body_named_in_passing_is_not_admitted(phrase: str, kind: Kind) -> None:
    assert kind not in applicant_kinds(phrase).kinds


def test_an_exclusion_takes_out_what_the_class_admits() -> None:
    read = applicant_kinds("Amministrazioni pubbliche, esclusi i Comuni e le istituzioni scolastiche")
    assert read.excluded == {Kind.COMMUNE, Kind.SCHOOL}
    assert {Kind.PROVINCE, Kind.HEALTH, Kind.UNIVERSITY} <= read.kinds


def test_an_exclusion_of_some_of_a_kind_does_not_exclude_the_kind() -> None:
    read = applicant_kinds("università statali, ad esclusione delle università telematiche")
    assert Kind.UNIVERSITY in read.kinds
    assert Kind.UNIVERSITY not in read.excluded


def test_those_diverse_from_a_kind_exclude_it() -> None:
    assert applicant_kinds("Amministrazioni diverse da Comuni e Scuole").excluded == {Kind.COMMUNE, Kind.SCHOOL}


def test_a_list_that_goes_on_shuts_nobody_out() -> None:
    assert not applicant_kinds("Università e altri soggetti pubblici o privati").complete


@pytest.mark.parametrize("classes", ["ente_pubblico;impresa", "Ente pubblico;Impresa"])
def test_the_class_of_public_bodies_leaves_each_of_them_open(classes: str) -> None:
    read = applicant_kinds(classes)
    assert read.kinds == {Kind.FIRM}
    assert {Kind.COMMUNE, Kind.SCHOOL, Kind.CENTRAL} <= read.possible
    assert Kind.THIRD_SECTOR not in read.kinds | read.possible


@pytest.mark.parametrize(
    "phrase",
    [
        "EGATO operativi o, in assenza, Comuni (singolarmente o in forma associata)",
        "Ambiti territoriali sociali",
        "partenariati pubblico-privati",
        "Enti iscritti all'albo del servizio civile universale",
    ],
)
def test_a_commune_under_a_condition_is_neither_admitted_nor_shut_out(phrase: str) -> None:
    read = applicant_kinds(phrase)
    assert Kind.COMMUNE in read.possible
    assert Kind.COMMUNE not in read.kinds


def test_provincial_capitals_are_few_of_the_communes() -> None:
    assert applicant_kinds("Città metropolitane; Comuni capoluogo di provincia").few == {Kind.COMMUNE}
    assert applicant_kinds("Comuni capoluogo; altri Comuni sopra i 50.000 abitanti").kinds == {Kind.COMMUNE}


@pytest.mark.parametrize("phrase", ["", "vedi avviso", "soggetti interessati", "???"])
def test_a_phrase_that_names_nobody_says_nothing(phrase: str) -> None:
    read = applicant_kinds(phrase)
    assert not read.kinds
    assert not read.complete


@given(st.text(max_size=600))
def test_any_phrase_can_be_read_and_never_admits_whom_it_excludes(phrase: str) -> None:
    read = applicant_kinds(phrase)
    assert not read.kinds & read.excluded
    assert not read.kinds & read.possible
    assert len(read.quote) <= 400


def test_other_kinds_of_one_class_do_not_open_the_list() -> None:
    assert applicant_kinds("Impresa;Impresa da costituire - Altro").complete
    assert not applicant_kinds("Imprese e altro").complete
