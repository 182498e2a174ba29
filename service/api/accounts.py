"""Everything about accounts, in one router."""

from fastapi import APIRouter

from service.api import (
    accounts_admin,
    accounts_links,
    accounts_own,
    accounts_provider,
    accounts_second_factor,
    accounts_sessions,
    accounts_weekly,
)

router = APIRouter()
for part in (
    *(accounts_sessions, accounts_links, accounts_second_factor),
    *(accounts_own, accounts_weekly, accounts_admin, accounts_provider),
):
    router.include_router(part.router)
