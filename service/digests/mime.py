"""A text and an HTML part with files, as a MIME body (RFC 2045–2047) in seven bits, put together by the thousand.

The library's own ``EmailMessage`` writes the same in about ten times as long, which for every commune of Italy is
minutes; it is what the tests read these messages with.
"""

import base64
import binascii
from collections.abc import Sequence
from email.header import Header
from hashlib import sha256
from urllib.parse import quote

from service.digests.content import Attachment


def unstructured(name: str, value: str) -> bytes:
    """Return a header line of free text, folded, its accents in encoded words; line breaks in it become spaces."""
    text = " ".join(value.split())
    charset = "us-ascii" if text.isascii() else "utf-8"
    return f"{name}: {Header(text, charset, header_name=name).encode(linesep=_CRLF)}{_CRLF}".encode("ascii")


def body(text: str, html: str, attachments: Sequence[Attachment], seed: str) -> bytes:
    """Return the headers and content of a message's body; ``seed`` makes its boundaries, the same ones each time."""
    inner, outer = (f"=_{sha256(f'{level} {seed}'.encode()).hexdigest()[:32]}" for level in ("inner", "outer"))
    readings = _multipart("alternative", inner, [_plain(text), _coded("text/html; charset=utf-8", html.encode())])
    if not attachments:
        return _VERSION + readings
    return _VERSION + _multipart("mixed", outer, [readings, *map(_file, attachments)])


_CRLF = "\r\n"
_VERSION = b"MIME-Version: 1.0\r\n"


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """No line of base64 or quoted-printable holds ``=_``, with which every boundary begins."""
    between = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(between + b"\r\n" + part + b"\r\n" for part in parts) + between + b"--\r\n"


def _plain(text: str) -> bytes:
    """Quoted-printable, so that the text part can be read even where nothing decodes it."""
    lines = "\n".join(text.splitlines()).encode()
    coded = binascii.b2a_qp(lines, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + coded + b"\r\n"


def _coded(content_type: str, content: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {content_type}\r\n{more}Content-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _file(attachment: Attachment) -> bytes:
    charset = "; charset=utf-8" if attachment.content_type.startswith("text/") else ""
    name = f"attachment; filename*=utf-8''{quote(attachment.name, safe='')}"
    return _coded(attachment.content_type + charset, attachment.content, f"Content-Disposition: {name}\r\n")
