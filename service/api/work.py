"""All routes of what people write: their items, decisions, picks and corrections."""

from fastapi import APIRouter

from service.api import communes, decisions, items, picks

router = APIRouter()
for part in (communes, items, decisions, picks):
    router.include_router(part.router)
