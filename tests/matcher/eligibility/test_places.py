"""Whose territory a call is for, from its fields, its issuer and its title."""

from typing import Any

import pytest
from applicants_at import TARANTO, a_call, judged, verdict_on

from matcher.eligibility.places import territory_rule
from matcher.records import Commune, Level
from matcher.territory import find_provinces, find_regions, find_zones
from matcher.verdicts import Criterion, Verdict

FOR_CINISELLO: list[tuple[Verdict, dict[str, Any]]] = [
    (Verdict.MET, {"territory_text": "nazionale"}),
    (Verdict.MET, {"territory_text": "Unione europea"}),
    (Verdict.MET, {"territory_text": "Piemonte;Lombardia;Liguria"}),
    (Verdict.MET, {"territory_text": "Città metropolitana di Milano"}),
    (Verdict.MET, {"territory_text": "Comuni di Sesto San Giovanni, Cinisello Balsamo e Bresso"}),
    (Verdict.MET, {"issuer": "Regione Lombardia - DG Cultura"}),
    (Verdict.MET, {"issuer": "MINISTERO DELL'INTERNO"}),
    (Verdict.MET, {"issuer": "Comune di Cinisello Balsamo", "territory_text": "Lombardia"}),
    (Verdict.MET, {"issuer": "Camera di Commercio di Milano Monza Brianza Lodi", "territory_text": "Lombardia"}),
    (Verdict.MET, {"territory_text": "Lombardia", "extra": (("comuni", "Bresso; Cinisello Balsamo"),)}),
    (Verdict.NOT_MET, {"territory_text": "Lombardia", "extra": (("comuni", "Bresso; Cormano"),)}),
    (Verdict.MET, {"issuer": "Camera di Commercio della Lombardia", "territory_text": "Lombardia"}),
    (Verdict.NOT_MET, {"territory_text": "Sardegna"}),
    (Verdict.NOT_MET, {"territory_text": "Provincia di Lodi"}),
    (Verdict.NOT_MET, {"territory_text": "Comune di Milano", "issuer": "Fondazione Pro Quartieri"}),
    (Verdict.NOT_MET, {"issuer": "Regione Emilia-Romagna"}),
    (Verdict.NOT_MET, {"issuer": "Comune di Mantova", "territory_text": "Lombardia"}),
    (Verdict.NOT_MET, {"issuer": "Provincia di Sondrio", "territory_text": "Lombardia"}),
    (Verdict.NOT_MET, {"issuer": "Camera di Commercio di Como-Lecco", "territory_text": "Lombardia"}),
    (Verdict.NOT_MET, {"issuer": "Ministero del Lavoro", "title": "Povertà educativa nel Mezzogiorno"}),
    (Verdict.NOT_MET, {"issuer": "Ministero dell'Ambiente", "title": "Reti - Lotto 2: Veneto, Friuli-Venezia Giulia"}),
    (Verdict.UNKNOWN, {}),
    (Verdict.UNKNOWN, {"territory_text": "Comuni montani della Lombardia"}),
    (Verdict.UNKNOWN, {"issuer": "Unione dei Comuni della Valsaviore", "territory_text": "Lombardia"}),
    (Verdict.UNKNOWN, {"issuer": "GAL Valle Brembana", "territory_text": "Lombardia"}),
    (Verdict.UNKNOWN, {"issuer": "Regione Veneto", "territory_text": "nazionale", "title": "Interreg Italia–Croazia"}),
]


@pytest.mark.parametrize(("verdict", "fields"), FOR_CINISELLO)
def test_a_commune_near_milan_is_inside_or_not(verdict: Verdict, fields: dict[str, Any]) -> None:
    assert verdict_on(judged(a_call(**fields)), Criterion.TERRITORY) is verdict


def test_a_region_filed_as_national_that_names_itself_is_for_its_own() -> None:
    call = a_call(issuer="Regione Marche", title="Regione Marche - Fiera 2026", territory_text="nazionale")
    assert verdict_on(judged(call), Criterion.TERRITORY) is Verdict.NOT_MET


def test_a_town_of_the_same_name_in_another_region_is_outside() -> None:
    call = a_call(issuer="Comune di Castro", territory_text="Puglia")
    lombard = Commune(istat="016065", name="Castro", province="Bergamo", region="Lombardia")
    apulian = Commune(istat="075096", name="Castro", province="Lecce", region="Puglia")
    assert verdict_on(judged(call, lombard), Criterion.TERRITORY) is Verdict.NOT_MET
    assert verdict_on(judged(call, apulian), Criterion.TERRITORY) is Verdict.MET


def test_metropolitan_cities_as_applicants_are_no_place() -> None:
    call = a_call(issuer="MINISTERO DELL'INTERNO", title="Cloud - Province e città metropolitane")
    assert verdict_on(judged(call, TARANTO), Criterion.TERRITORY) is Verdict.MET


def test_a_zone_of_the_metropolitan_city_is_asked_of_the_commune() -> None:
    call = a_call(territory_text="Zone omogenee Nord Milano, Alto Milanese e Sud Est", level=Level.METROPOLITAN)
    in_zone = Commune(istat="015077", name="Cinisello Balsamo", province="Milano", zone="Nord Milano")
    elsewhere = Commune(istat="015182", name="Rho", province="Milano", zone="Nord Ovest")
    unverified = Commune(istat="015182", name="Rho", province="Milano", zone="Nord Ovest", zone_verified=False)
    assert verdict_on(judged(call, in_zone), Criterion.TERRITORY) is Verdict.MET
    assert verdict_on(judged(call, elsewhere), Criterion.TERRITORY) is Verdict.NOT_MET
    assert verdict_on(judged(call, unverified), Criterion.TERRITORY) is Verdict.UNKNOWN


def test_regions_beside_provinces_widen_the_area() -> None:
    rule = territory_rule(a_call(territory_text="Lombardia; Provincia di Novara"))
    assert rule is not None
    assert {"MILANO", "SONDRIO", "NOVARA"} <= rule.provinces
    assert "TORINO" not in rule.provinces


def test_the_rule_quotes_the_field_that_it_was_read_from() -> None:
    rule = territory_rule(a_call(issuer="Comune di Mantova", territory_text="Lombardia"))
    assert rule is not None
    assert (rule.quote, rule.origin) == ("Comune di Mantova", "issuer")


def test_a_province_that_bears_the_name_of_a_region_is_not_the_region() -> None:
    assert find_regions("Provincia di Reggio Calabria") == frozenset()
    assert find_provinces("Reggio nell'Emilia e Forlì-Cesena") == {"REGGIO EMILIA", "FORLI CESENA"}


def test_zones_among_other_places_are_not_the_whole_list() -> None:
    assert find_zones("Comuni del Nord Milano, del Rhodense e del Bollatese") == frozenset()


def test_a_place_of_unknown_commune_is_unknown() -> None:
    nameless = Commune(istat="015077", name="Cinisello Balsamo")
    assert verdict_on(judged(a_call(territory_text="Lombardia"), nameless), Criterion.TERRITORY) is Verdict.UNKNOWN
    assert verdict_on(judged(a_call(territory_text="nazionale"), nameless), Criterion.TERRITORY) is Verdict.MET


def test_a_chamber_with_a_name_of_its_own_serves_the_provinces_that_the_title_names() -> None:
    title = "Voucher alle pmi della provincia di Avellino e di Benevento"
    rule = territory_rule(a_call(issuer="Camera di Commercio Irpinia Sannio", territory_text="Campania", title=title))
    assert rule is not None
    assert rule.provinces == {"AVELLINO", "BENEVENTO"}
    assert rule.share == 1


def test_an_autonomous_province_serves_itself_and_not_its_twin() -> None:
    issuer = "Provincia Autonoma di Bolzano - Ripartizione Economia"
    rule = territory_rule(a_call(issuer=issuer, territory_text="Trentino-Alto Adige/Südtirol"))
    assert rule is not None
    assert rule.provinces == {"BOLZANO"}


def test_a_town_that_calls_for_its_neighbours_too_names_them() -> None:
    title = "Progetti da realizzare nei comuni di Loro Piceno, Ripe S. Ginesio e Gualdo e volte al turismo"
    rule = territory_rule(a_call(issuer="Comune di Loro Piceno", territory_text="Marche", title=title))
    assert rule is not None
    assert rule.communes == {"LORO PICENO", "RIPE SAN GINESIO", "GUALDO"}


def test_the_short_name_of_an_autonomous_province_names_its_region() -> None:
    assert find_regions("Lotto 3. Lombardia, p.a. Bolzano, p.a. Trento") == {"03", "04"}


def test_a_chamber_of_a_part_of_a_region_is_not_for_all_of_it() -> None:
    for issuer, region, whole in (
        ("Camera di Commercio dell'Umbria", "Umbria", True),
        ("Camera di Commercio della Toscana Nord Ovest", "Toscana", False),
        ("Camera di Commercio dell'Emilia", "Emilia-Romagna", False),
        ("CCIAA Monte Rosa Laghi Alto Piemonte", "Piemonte", False),
    ):
        rule = territory_rule(a_call(issuer=issuer, territory_text=region))
        assert rule is not None
        assert (rule.share == 1) is whole, issuer
