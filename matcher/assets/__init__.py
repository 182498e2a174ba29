"""Public assets and what they could serve: the same five steps as for calls, over other records.

    asset ──► needs it could serve        need ──► assets near by that could serve it
    asset ──► similar ones that were reused        asset ──► its path, as a suggestion with criteria

Who may be shown which need is not decided here: what comes in is what may be shown.
"""
