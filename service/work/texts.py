"""What a text that a person writes may hold: plain words that can be searched, shown and kept."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_TAG = re.compile(r"<\s*[/!?]?\s*[a-zA-Z][^<>]*>|<!--")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain_text(text: str) -> str:
    """Return the text; raises ValueError for HTML, control characters (NUL among them) and broken Unicode."""
    if found := _CONTROL.search(text):
        raise ValueError(f"a control character (U+{ord(found[0]):04X}) at {found.start()}: send plain text")
    if found := _TAG.search(text):
        raise ValueError(f"HTML at {found.start()}: send plain text, without tags")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a character at {error.start}: send it as UTF-8") from error
    return text


_PLAIN = AfterValidator(plain_text)

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _PLAIN]
"""The id of a record."""
Istat = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$", max_length=6)]
"""The ISTAT code of a commune."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), _PLAIN]
"""A title or a name."""
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), _PLAIN]
"""A theme, a state, a kind."""
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), _PLAIN]
"""A description; as long as what can be matched."""
Quote = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400), _PLAIN]
"""A sentence of a call."""
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), _PLAIN]
"""A reason; a bound given again beside one of these types is not looked at, so each length has a type of its own."""
Remark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000), _PLAIN]
"""A note on work that is done together."""
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000), _PLAIN]
"""A remark, which may be empty."""
