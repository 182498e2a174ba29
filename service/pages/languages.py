"""In which language a page is written: chosen by the reader, else by the browser, else Italian."""

from typing import Annotated

from fastapi import Depends, Request, Response

from service.pages.translations import ITALIAN, LANGUAGES

COOKIE = "remix-language"
A_YEAR = 365 * 24 * 3600


def language_of(request: Request) -> str:
    """Return the language of a request: its cookie's, else the first known one of Accept-Language, else Italian."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for one in request.headers.get("Accept-Language", "").split(","):
        known = one.split(";")[0].strip().lower()[:2]
        if known in LANGUAGES:
            return known
    return ITALIAN


def keep_language(request: Request, answer: Response, language: str) -> None:
    """Have the browser remember the reader's language."""
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, language, max_age=A_YEAR, secure=secure, httponly=True, samesite="lax")


PageLanguage = Annotated[str, Depends(language_of)]
"""The language in which a page is written."""
