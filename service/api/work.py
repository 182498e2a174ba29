"""All routes of what people write: their items, decisions, picks, worklist and corrections."""

from fastapi import APIRouter

from service.api import communes, decisions, distinctions, items, merges, picks, project_merges, reviews, tags, worklist

router = APIRouter()
for part in (communes, items, decisions, picks, worklist, reviews, merges, project_merges, distinctions, tags):
    router.include_router(part.router)
router.include_router(decisions.feedback_router)
