"""A real SMTP server that misbehaves on purpose, in a process of its own; what it took stands in a file, a line each.

    python -m tests.service.digests.mailserver PORT LOG SEED [FAULT=SHARE …]

Faults, each with the share of tries that it meets:

    busy      421 instead of a greeting         later     451 to the recipient, greylisting
    unknown   550 to the recipient, for good    reject    452 after the text
    slow      waits before it answers           vanish    drops the connection after the text, which it did not keep
    mute      keeps the text and drops          midline   keeps the text, and closes in the middle of the answer's line
"""

import asyncio
import os
import random
import re
import sys
from hashlib import sha256

from aiosmtpd.smtp import SMTP

FAULTS = ("busy", "later", "unknown", "reject", "slow", "vanish", "mute", "midline")
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^>]+>)")


class Misbehaving:
    """Takes e-mails or not; who is unknown stays unknown, everything else is drawn anew for each try."""

    def __init__(self, log, seed, shares):
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.chance = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self.shares = shares

    def is_struck_by(self, fault):
        return self.chance.random() < self.shares.get(fault, 0.0)

    async def handle_EHLO(self, _server, session, hostname, responses):  # noqa: N802 - aiosmtpd's names
        session.host_name = hostname
        return ["421 busy"] if self.is_struck_by("busy") else responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if is_unknown(address, self.shares.get("unknown", 0.0)):
            return "550 5.1.1 <" + address + "> unknown here"
        if self.is_struck_by("later"):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        if self.is_struck_by("slow"):
            await asyncio.sleep(self.chance.uniform(0.05, 0.4))
        if self.is_struck_by("reject"):
            return "452 4.3.1 no room"
        if self.is_struck_by("vanish"):
            server.transport.abort()
            return "250 never seen"
        self.take(envelope)
        if self.is_struck_by("mute"):
            server.transport.abort()
        elif self.is_struck_by("midline"):
            server.transport.write(b"25")
            server.transport.close()
        return "250 taken"

    def take(self, envelope):
        found = _MESSAGE_ID.search(envelope.content)
        for address in envelope.rcpt_tos:
            os.write(self.log, f"{address} {found[1].decode()}\n".encode())


def is_unknown(address, share):
    """Whether a mail server with this share of unknown addresses knows nothing of one."""
    return int(sha256(address.encode()).hexdigest()[:8], 16) / 16**8 < share


async def serve(port, handler):
    loop = asyncio.get_running_loop()
    # A protocol that was aborted complains when it answers all the same: that is the point of it.
    loop.set_exception_handler(lambda _loop, _context: None)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", data_size_limit=10_000_000), "127.0.0.1", port
    )
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started it waits for the port
    await server.serve_forever()


if __name__ == "__main__":
    port, log, seed, *shares = sys.argv[1:]
    given = {name: float(share) for name, share in (word.split("=") for word in shares)}
    if unknown := set(given) - set(FAULTS):
        raise SystemExit(f"no such fault: {sorted(unknown)}")
    asyncio.run(serve(int(port), Misbehaving(log, seed, given)))
