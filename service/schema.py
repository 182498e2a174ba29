"""Every table of the service in one place, for migrations and for copies of the whole database."""

import service.accounts.tables
import service.api.tables
import service.audit.tables
import service.digests.tables
import service.events.tables
import service.frame.tables
import service.jobs.tables
import service.messages.tables
import service.partners.tables
import service.register.observation_rows
import service.register.tables
import service.register.twin_rows
import service.requests.tables
import service.work.tables
from service.tables import Base

__all__ = ["METADATA"]

METADATA = Base.metadata
"""All tables, in the order of their foreign keys (``METADATA.sorted_tables``)."""

MODULES = (
    service.accounts.tables,
    service.api.tables,
    service.audit.tables,
    service.digests.tables,
    service.events.tables,
    service.frame.tables,
    service.jobs.tables,
    service.messages.tables,
    service.partners.tables,
    service.register.observation_rows,
    service.register.tables,
    service.register.twin_rows,
    service.requests.tables,
    service.work.tables,
)
"""The modules that add tables to ``METADATA`` by being imported."""
