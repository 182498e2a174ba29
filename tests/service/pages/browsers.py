"""A client that behaves as a browser: asks for pages, keeps its cookie, names the site it sends from."""

from fastapi.testclient import TestClient

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "it-IT,it"}


def as_browser(client: TestClient) -> TestClient:
    """Turn a client in a session into a browser; it has no token, only the cookie and its own origin."""
    name, _, value = client.headers.pop("Cookie").partition("=")
    del client.headers["CSRF-Token"]
    client.cookies.set(name, value)
    client.headers |= BROWSER
    return client
