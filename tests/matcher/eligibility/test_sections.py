"""Where a long call says who may apply."""

from matcher.eligibility.sections import SECTION_LENGTH, beneficiary_sentences

CALL = """BANDO PER GLI SPAZI PUBBLICI
INDICE
A.1 Finalità
A.3 Soggetti beneficiari
D.1 Obblighi dei soggetti beneficiari

A.1 Finalità
Il bando sostiene chi cura piazze e strade.

A.3 Soggetti beneficiari
Possono presentare domanda i seguenti soggetti:
• Comuni;
• Unioni di Comuni.

A.4 Dotazione finanziaria
Le imprese possono partecipare alle gare.

D.1 Obblighi dei soggetti beneficiari
I beneficiari sono tenuti a informare le Province.
Informativa ai Beneficiari
Le persone fisiche possono presentare reclamo.
"""


def test_the_section_is_found_and_not_its_entry_in_the_index() -> None:
    sentences = beneficiary_sentences(CALL)
    assert sentences
    assert sentences[0].text.startswith("Possono presentare domanda")
    assert sentences[0].offset == CALL.index("Possono presentare")


def test_the_next_section_and_the_notices_are_left_out() -> None:
    words = " ".join(sentence.text for sentence in beneficiary_sentences(CALL))
    assert "Unioni di Comuni" in words
    assert "imprese" not in words
    assert "persone fisiche" not in words


def test_headings_are_read_in_their_several_forms() -> None:
    for heading in ("3 BENEFICIARI", "3. SOGGETTI BENEFICIARI", "A.3.a Soggetti beneficiari", "A chi si rivolge"):
        text = f"Premesse\n\n{heading}\nPossono accedere al contributo i Comuni.\n"
        assert [sentence.in_section for sentence in beneficiary_sentences(text)] == [True]


def test_a_text_without_headings_is_read_from_its_first_sentences() -> None:
    (sentence,) = beneficiary_sentences("L'avviso è rivolto ai Comuni. Le spese sono rendicontate.")
    assert not sentence.in_section
    assert "rivolto ai Comuni" in sentence.text


def test_negated_permission_admits_nobody() -> None:
    text = "3. BENEFICIARI\nI soggetti gestori non possono partecipare al bando.\n"
    assert beneficiary_sentences(text) == ()


def test_offsets_point_into_the_text() -> None:
    for sentence in beneficiary_sentences(CALL):
        assert CALL.startswith(sentence.text, sentence.offset)


def test_a_text_without_beneficiaries_has_none() -> None:
    assert beneficiary_sentences("") == ()
    assert beneficiary_sentences("x" * 2 * SECTION_LENGTH) == ()
