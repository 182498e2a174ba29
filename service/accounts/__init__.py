"""Who may come in: accounts, sessions, single-use links, second factors and API keys."""
