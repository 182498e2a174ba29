"""The portal's pages added to the application, and errors told by pages where a browser asks."""

from fastapi import FastAPI

from service.pages import (
    administration,
    assets,
    by_link,
    calendars,
    call_page,
    catalogue,
    entering,
    events,
    events_desk,
    find,
    frame,
    frame_gaps,
    frame_tags,
    from_mail,
    imports,
    incubator,
    incubator_calls,
    lists,
    maps,
    messages,
    operation,
    own_account,
    partners,
    project_twins,
    public_assets,
    register,
    register_programmes,
    register_project,
    register_saying,
    register_ties,
    request_counts,
    requests,
    review,
    review_criteria,
    site,
    trail,
    weekly_email,
    worklist,
)
from service.pages.commune import asset_lists, calls, deadlines, facts, interest, items, overview, prospects
from service.pages.commune import requests as commune_requests
from service.pages.errors import error_page, wants_page
from service.web.problems import tell_by


def add_pages(app: FastAPI) -> None:
    """Add every page; whoever asks for a page is told of errors by a page."""
    for one in (assets, site, entering, by_link, own_account, weekly_email, from_mail):
        app.include_router(one.router)
    for one in (find, events, calendars, call_page, catalogue, public_assets, partners, maps):
        app.include_router(one.router)
    for one in (incubator, events_desk, incubator_calls, worklist, lists, review, review_criteria, project_twins):
        app.include_router(one.router)
    for one in (administration, imports, operation, trail, messages):
        app.include_router(one.router)
    for one in (request_counts, requests):
        app.include_router(one.router)
    for one in (frame, frame_gaps, frame_tags):
        app.include_router(one.router)
    # The list of items comes last: its address holds the name of a kind where the others have a word.
    for one in (overview, calls, prospects, deadlines, facts, interest, asset_lists, commune_requests, items):
        app.include_router(one.router)
    # What is said of a project has an address below the project's, which takes any words: it comes first.
    for one in (register, register_saying, register_ties, register_programmes, register_project):
        app.include_router(one.router)
    tell_by(app, wants_page, error_page)
