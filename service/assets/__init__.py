"""The register of public assets and what is matched with it: needs, calls, reused places, partners, paths.

    database ──► Register.lines (read again only when something changed) ──► found(filters) ──► pages, API, exports
    asset ──► needs_of, calls_of, reused_like, path_of        need ──► assets_near

Imported assets are public; those that a commune keeps are its own, and so is every need.
"""
