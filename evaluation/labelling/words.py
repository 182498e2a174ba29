"""What the page says, in Italian and English; the English grades are the guide's own words."""

from typing import Any

_WORDS: dict[str, tuple[str, str]] = {
    "lang": ("it", "en"),
    "title": ("Giudizi", "Judgments"),
    "skip_link": ("Vai al giudizio", "Go to the judgment"),
    "guide": ("Guida ai giudizi", "Labelling guide"),
    "guide_language": ("La guida è in inglese.", ""),
    "back": ("Torna ai giudizi", "Back to judging"),
    "progress": ("Giudicate: {done} · da fare: {left}", "Judged: {done} · left: {left}"),
    "skipped": ("saltate: {count}", "skipped: {count}"),
    "of_query": ("Domanda {query}: coppia {number} di {total}", "Query {query}: pair {number} of {total}"),
    "as_judge": ("Ruolo: {judge}", "Role: {judge}"),
    "kind_need": ("Fabbisogno", "Need"),
    "kind_project": ("Progetto", "Project"),
    "kind_asset": ("Bene pubblico", "Public asset"),
    "of_commune": ("{kind} · {commune}", "{kind} · {commune}"),
    "inhabitants": ("{count} abitanti", "{count} inhabitants"),
    "commune_code": ("comune con codice ISTAT {code}", "commune with ISTAT code {code}"),
    "call": ("Bando", "Call"),
    "issuer": ("Ente", "Issuer"),
    "recipients": ("Beneficiari", "Recipients"),
    "territory": ("Territorio", "Territory"),
    "summary": ("In sintesi", "Summary"),
    "from_text": ("Dal testo completo, i passi più vicini alla domanda", "Nearest passages of the full text"),
    "marked": ("Evidenziati i passi più vicini alla domanda.", "The passages nearest to the query are marked."),
    "none_marked": (
        "Nessun passo ha parole in comune con la domanda.",
        "No passage shares words with the query.",
    ),
    "no_text": ("Il foglio non riporta altro testo del bando.", "The sheet holds no other text of the call."),
    "not_said": ("non indicato", "not said"),
    "readings": ("Due letture discordi", "Two readings differ"),
    "readings_help": (
        "Il tuo giudizio decide: sarà quello che conta.",
        "Your judgment settles it: it will be the one that counts.",
    ),
    "why_given": ("Perché", "Why"),
    "judgment": ("Il tuo giudizio", "Your judgment"),
    "purpose": ("Scopo: finanzia questo?", "Purpose: does it pay for this?"),
    "purpose_help": ("Le date e chi può fare domanda qui non contano.", "Dates and who may apply play no role here."),
    "purpose_short": ("Scopo", "Purpose"),
    "grade_3": (
        "finanzia proprio questo, o una parte che la domanda nomina da sé",
        "it pays exactly for this, or for a part that the query names by itself",
    ),
    "grade_2": (
        "lo finanzia fra altre cose, o ne finanzia una parte importante, o in modo più debole (un prestito, un solo "
        "tipo di utenti)",
        "it pays for this among other things, or for an important part, or by a weaker way (a loan, one kind of user)",
    ),
    "grade_1": ("stesso campo, ma finanzia altro", "same field, but it pays for something else"),
    "grade_0": ("non c'entra", "unrelated"),
    "may_apply": (
        "Può fare domanda questo Comune, da solo o come capofila?",
        "May this commune apply, alone or as lead of a partnership?",
    ),
    "may_apply_short": ("Può fare domanda", "May apply"),
    "yes": ("sì", "yes"),
    "no": ("no", "no"),
    "unknown": ("non si sa", "unknown"),
    "yes_help": ("un testo lo dice", "a text says so"),
    "no_help": ("un testo lo esclude", "a text rules it out"),
    "unknown_help": ("manca un dato che si potrebbe cercare", "a fact is missing that could be looked up"),
    "yes_keys": ("y s", "y"),
    "why": ("Perché, in una riga (facoltativo)", "Why, in one line (optional)"),
    "why_help": (
        "Al massimo {limit} caratteri, senza nomi di persone: i giudizi sono pubblici.",
        "At most {limit} characters, no names of people: judgments are public.",
    ),
    "save": ("Registra", "Save"),
    "skip": ("Salta", "Skip"),
    "undo": ("Annulla l'ultimo", "Undo the last"),
    "last": ("Ultimo registrato", "Last saved"),
    "taken_back": (
        "Giudizio annullato: la coppia è di nuovo qui sotto, con i valori di prima.",
        "Judgment undone: the pair is here again, with its former values.",
    ),
    "shortcuts": ("Tasti rapidi", "Keyboard shortcuts"),
    "key_why": ("scrivi il perché", "write why"),
    "key_leave": ("esci dal campo", "leave the field"),
    "finished": ("Finito: non resta nulla da giudicare.", "Done: nothing is left to judge."),
    "only_skipped": ("Restano solo le coppie saltate.", "Only skipped pairs are left."),
    "show_skipped": ("Riprendi le saltate", "Take up the skipped ones"),
    "close": (
        "I giudizi sono già sul disco. Chiudi con Ctrl-C nel terminale: i qrels vengono rifatti.",
        "The judgments are on the disk. Close with Ctrl-C in the terminal: the qrels are made anew.",
    ),
    "refused": ("Non registrato", "Not saved"),
    "not_left": (
        "Questa coppia è già stata giudicata, oppure non è nei fogli: nulla è stato scritto.",
        "This pair was judged before, or is in no sheet: nothing was written.",
    ),
    "bad_purpose": ("Scegli lo scopo, da 0 a 3.", "Choose the purpose, from 0 to 3."),
    "bad_may_apply": ("Scegli se il Comune può fare domanda.", "Choose whether the commune may apply."),
    "why_long": (
        "Il perché è troppo lungo: al massimo 120 caratteri.",
        "The reason is too long: at most 120 characters.",
    ),
    "written_after": (
        "Dopo il tuo giudizio ne sono stati scritti altri: il tuo resta, e un altro ruolo può correggerlo.",
        "Others were written after your judgment: it stays, and another role can correct it.",
    ),
    "disk_full": ("Il disco è pieno: fai spazio e riprova.", "The disk is full: make room and try again."),
    "failed": ("Qualcosa non va nei file", "Something is wrong with the files"),
    "go_on": ("Continua", "Go on"),
}


def words(accept_language: str) -> dict[str, str]:
    """Return the words for an Accept-Language header: English where it is asked for first, else Italian."""
    language = 1 if accept_language.strip().casefold().startswith("en") else 0
    return {name: both[language] for name, both in _WORDS.items()}


def thousands(number: int, said: dict[str, Any]) -> str:
    """Return a number as the language of the words groups it."""
    grouped = f"{number:,}"
    return grouped if said["lang"] == "en" else grouped.replace(",", ".")
