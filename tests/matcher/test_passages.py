from hypothesis import given
from hypothesis import strategies as st

from matcher.passages import PASSAGE_CHARACTERS, Passage, calm, passage_text, passages_of, sentences, text_to_encode
from matcher.records import FundingCall


def _call(text: str = "", summary: str = "", title: str = "Titolo") -> FundingCall:
    return FundingCall(id="t:1", source="t", title=title, summary=summary, text=text)


def test_the_title_is_always_the_first_passage() -> None:
    assert passages_of(_call())[0] == Passage("title", 0, len("Titolo"))


def test_short_sentences_share_a_passage_and_a_long_text_has_many() -> None:
    assert len(passages_of(_call("Prima frase. Seconda frase."))) == 2
    assert len(passages_of(_call("Una frase di media lunghezza sta qui. " * 100))) > 5


def test_every_passage_of_text_is_read_behind_its_title() -> None:
    call = _call("Le spese ammissibili sono le seguenti.", title="Strade verdi")
    assert text_to_encode(call, passages_of(call)[1]) == "Strade verdi. Le spese ammissibili sono le seguenti."


def test_what_is_written_in_capitals_is_read_in_small_letters_and_acronyms_stay() -> None:
    assert calm("SERVE UN ASILO NIDO, SUBITO!") == "serve un asilo nido, subito!"
    assert calm("Il PNRR finanzia la CER di Rho") == "Il PNRR finanzia la CER di Rho"
    assert calm("42") == "42"


def test_a_list_is_cut_at_its_items() -> None:
    text = "Sono ammessi:\n• comuni\n• unioni di comuni"
    assert [text[a:b].strip() for a, b in sentences(text)] == ["Sono ammessi:", "• comuni", "• unioni di comuni"]


@given(st.text(alphabet=st.sampled_from("abc àé.\n•; A1"), max_size=3000))
def test_no_word_of_a_text_is_lost_and_no_passage_is_too_long(text: str) -> None:
    call = _call(text)
    found = [p for p in passages_of(call) if p.field == "text"]
    assert _bare("".join(text[p.start : p.end] for p in found)) == _bare(text)
    assert all(p.end - p.start <= PASSAGE_CHARACTERS + 1 for p in found)
    assert [p.start for p in found] == sorted(p.start for p in found)
    assert all(passage_text(call, p) for p in found)


def _bare(text: str) -> str:
    return "".join(text.split())
