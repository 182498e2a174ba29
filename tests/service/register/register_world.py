"""A register of a few projects: official ones of several programmes, and one that a commune keeps."""

from decimal import Decimal

from sqlalchemy import insert

from matcher.records import Money, Precedent
from matcher.serialization import content_hash, to_json
from service.database import write_transaction
from service.kinds import KIND_OF
from service.register.upkeep import rebuild

RHO, MILAN, NAPLES = "015182", "015146", "063049"


def precedent(key, **fields):
    """Return a funded project of the PNRR, with what differs given."""
    said = {"source": "pnrr-progetti", "title": f"Opera {key}", "measure": "M5C2I2.01.00", "communes": (RHO,)} | fields
    return Precedent(id=f"{said['source']}:{key}", **said)


def euros(amount):
    return Money(Decimal(amount))


def store(engine, *records):
    """Write records as an import would have left them, and their entries."""
    with write_transaction(engine) as connection:
        for record in records:
            kind, text = KIND_OF[type(record)], to_json(record)
            row = {"id": record.id, "source": getattr(record, "source", "hand"), "version": 1, "payload": text}
            row |= {"content_hash": content_hash(text), "hand_fields": [], **kind.columns(record)}
            connection.execute(insert(kind.table).values(row))
        rebuild(connection)
