"""What people are written about their account, in their language."""

from service.accounts.links import LIFE
from service.accounts.tables import LinkPurpose
from service.mailer import Letter

_DAYS = LIFE[LinkPurpose.INVITATION].days
_MINUTES = int(LIFE[LinkPurpose.PASSWORD_RESET].total_seconds() // 60)

_LETTERS = {
    (LinkPurpose.INVITATION, "it"): (
        "Invito a Remix",
        "Buongiorno {name},\n\nl'incubatore della rigenerazione territoriale Le ha aperto un accesso a Remix, che fa "
        "incontrare i fabbisogni dei comuni con i bandi.\n\nPer scegliere la password apra questo indirizzo entro "
        f"{_DAYS} giorni:\n\n{{address}}\n\nL'indirizzo vale una volta sola. Se non aspettava questo messaggio, lo "
        "ignori: senza password l'accesso resta chiuso.\n",
    ),
    (LinkPurpose.INVITATION, "en"): (
        "Invitation to Remix",
        "Hello {name},\n\nthe incubator for territorial regeneration has opened an account on Remix for you; Remix "
        "matches what communes need with funding calls.\n\nTo choose your password, open this address within "
        f"{_DAYS} days:\n\n{{address}}\n\nIt works once. If you did not expect this message, ignore it: without a "
        "password the account stays closed.\n",
    ),
    (LinkPurpose.PASSWORD_RESET, "it"): (
        "Nuova password per Remix",
        "Buongiorno {name},\n\nqualcuno ha chiesto una nuova password per il Suo accesso a Remix. Per sceglierla apra "
        f"questo indirizzo entro {_MINUTES} minuti:\n\n{{address}}\n\nL'indirizzo vale una volta sola. Se non è stato "
        "Lei, lo ignori: la password di prima resta valida.\n",
    ),
    (LinkPurpose.PASSWORD_RESET, "en"): (
        "A new password for Remix",
        "Hello {name},\n\nsomebody asked for a new password for your account on Remix. To choose it, open this "
        f"address within {_MINUTES} minutes:\n\n{{address}}\n\nIt works once. If it was not you, ignore it: the old "
        "password stays valid.\n",
    ),
}


def letter(purpose: LinkPurpose, language: str, name: str, address: str) -> Letter:
    """Return the letter that brings a link; a language that we do not write gets the Italian one."""
    subject, text = _LETTERS.get((purpose, language), _LETTERS[purpose, "it"])
    return Letter(subject, text.format(name=name, address=address))
